package dev.heliograph.document;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;

/** How documents are kept near: {@code heliograph.documents.*}. */
public interface DocumentConfig {
    /** How much memory the documents may take that this node keeps near, in bytes. */
    @WithDefault("10M")
    MemorySize nearBytes();
}
