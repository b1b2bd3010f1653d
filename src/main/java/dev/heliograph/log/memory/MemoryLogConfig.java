package dev.heliograph.log.memory;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;

/** Options of the event log in this process: {@code heliograph.memory.*}. */
public interface MemoryLogConfig {
    /**
     * How much the log holds over all channels, in bytes, at least 8M; beyond that the history of the channel that was
     * appended to least recently goes first. One channel holds at most a quarter of it. Documents take up to an eighth;
     * those are never forgotten, but what does not fit is refused.
     */
    @WithDefault("256M")
    MemorySize maxBytes();
}
