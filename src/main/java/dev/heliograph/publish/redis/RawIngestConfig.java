package dev.heliograph.publish.redis;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Options of events that come by raw Redis {@code PUBLISH}: {@code heliograph.ingest.*}. */
public interface RawIngestConfig {
    /** Whether this node takes part; another node must if this one does not. */
    @WithDefault("true")
    boolean enabled();

    /** How long a namespace stays with a node that fell silent; renewed three times as often. At least 300 ms. */
    @WithDefault("3s")
    Duration leaseTtl();

    /** How many messages of one namespace may wait to be appended; more become dead letters. */
    @WithDefault("10000")
    int maxWaiting();
}
