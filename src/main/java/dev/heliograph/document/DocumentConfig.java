package dev.heliograph.document;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How documents are kept near: {@code heliograph.documents.*}. */
public interface DocumentConfig {
    /** How much memory the documents may take that this node keeps near, in bytes. */
    @WithDefault("10M")
    MemorySize nearBytes();

    /** How long a reader waits for the log before it is answered with what was last known, if anything is; at least 10 ms. */
    @WithDefault("1s")
    Duration staleAfter();
}
