package dev.heliograph.cache;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Options of all cached values: {@code heliograph.cache.*}. */
public interface CacheConfig {
    /**
     * How long a cached value is taken for what the log has, at least, before the two are compared; 1 s to 1 h.
     * The comparison is due after up to a quarter more, and after twice the interval nothing is answered uncompared.
     */
    @WithDefault("60s")
    Duration compareInterval();
}
