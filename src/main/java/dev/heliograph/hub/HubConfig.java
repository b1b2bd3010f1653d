package dev.heliograph.hub;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How events reach the clients of this node: {@code heliograph.hub.*}. */
public interface HubConfig {
    /**
     * How long a channel is still followed after its last listener left; zero: not at all. Polls come and go: with this
     * time the next poll need not ask the log again.
     */
    @WithDefault("60s")
    Duration linger();

    /** How many entries may wait for one event loop before it re-reads the log instead; at least 16. */
    @WithDefault("16384")
    int laneQueueEntries();

    /**
     * How many entries a client that catches up is given from the log at a time; 1 to 1000. From Redis they are
     * fewer if they are large: not many more than fit into 1 MiB.
     */
    @WithDefault("128")
    int pageEntries();

    /** How long a socket may stay unwritable before the policy {@code disconnect} closes it; at least 1 second. */
    @WithDefault("5s")
    Duration slowClientGrace();
}
