package dev.heliograph.log.memory;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;

/** Options of the event log in this process: {@code heliograph.memory.*}. */
public interface MemoryLogConfig {
    /**
     * How much memory all channels, documents and idempotency keys take together, in bytes, at least 8M. The keys take up
     * to a quarter of it; beyond that the oldest are forgotten before their 5 minutes are over. Of the other three quarters
     * documents take up to an eighth of the whole: they are never forgotten, and a document that does not fit is refused.
     * The rest is for channels, each up to a quarter of the whole; beyond it the history of the channel that was appended
     * to least recently goes first.
     */
    @WithDefault("256M")
    MemorySize maxBytes();
}
