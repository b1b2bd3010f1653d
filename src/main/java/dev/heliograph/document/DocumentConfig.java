package dev.heliograph.document;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How documents are cached, and how long changes may take: {@code heliograph.documents.*}. */
public interface DocumentConfig {
    /** The most that {@link #writeTimeout} may be: so late may a change be there after the time that it tells. */
    Duration MAX_WRITE_TIMEOUT = Duration.ofMinutes(1);

    /** How much memory the cached documents may take, in bytes. */
    @WithDefault("10M")
    MemorySize cacheBytes();

    /** How long a reader waits for the log before it is answered with what was last known, if anything is; at least 10 ms. */
    @WithDefault("1s")
    Duration staleAfter();

    /** How long a writer waits for those on this node who change the same document before it; at least 10 ms. */
    @WithDefault("5s")
    Duration turnTimeout();

    /** How long a change may take in all, its turn included; more than {@code turnTimeout}, at most a minute. */
    @WithDefault("15s")
    Duration writeTimeout();

    /** How many bytes the bodies of all changes under way may have, as they came; 0: one at a time. */
    @WithDefault("8M")
    MemorySize maxWaitingBytes();
}
