package dev.heliograph.latest;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;

/** Options of the cache of latest events: {@code heliograph.latest.*}. */
public interface LatestConfig {
    /** About how much memory the cache takes on each node, in bytes; 0: every request reads the log. */
    @WithDefault("10M")
    MemorySize cacheBytes();
}
