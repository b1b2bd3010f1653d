package dev.heliograph.publish.redis;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Options of events that come by raw Redis {@code PUBLISH}: {@code heliograph.ingest.*}. */
public interface RawIngestConfig {
    /** Whether this node takes part; another node must if this one does not. */
    @WithDefault("true")
    boolean enabled();

    /** How long a namespace stays with a node that fell silent; renewed four times as often. At least 400 ms. */
    @WithDefault("2s")
    Duration leaseTtl();

    /**
     * How long a stopping node may take to append the messages that it has received; the rest then becomes dead letters. 0
     * to 5 min; the time that the process is given to stop must be longer.
     */
    @WithDefault("15s")
    Duration drainTimeout();

    /** How many messages of one namespace may wait to be appended; more become dead letters. */
    @WithDefault("10000")
    int maxWaiting();

    /** How many bytes of one namespace's messages may wait to be appended; more become dead letters. */
    @WithDefault("16M")
    MemorySize maxWaitingBytes();
}
