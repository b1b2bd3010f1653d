package dev.heliograph.access;

import io.smallrye.config.WithDefault;

/** Who may come in: {@code heliograph.access.*}. */
public interface AccessConfig {
    /** Whether the gateway may listen beyond loopback although it asks nobody who they are. */
    @WithDefault("false")
    boolean anonymous();

    LimitsConfig limits();
}
