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

    /** How many messages of one namespace may wait to be appended; more become dead letters. */
    @WithDefault("10000")
    int maxWaiting();

    /** How many bytes of one namespace's messages may wait to be appended; what is more becomes dead letters. */
    @WithDefault("16M")
    MemorySize maxWaitingBytes();
}
