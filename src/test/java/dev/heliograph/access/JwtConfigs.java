package dev.heliograph.access;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** {@code heliograph.access.jwt.*} with its defaults. */
final class JwtConfigs {
    private static final String ROOT = "heliograph.access.jwt";

    private JwtConfigs() {}

    /** @param values keys below {@code heliograph.access.jwt} and their values by turns */
    static AccessConfig.JwtConfig of(String... values) {
        Map<String, String> config = new HashMap<>();
        for (int i = 0; i < values.length; i += 2) {
            config.put(ROOT + '.' + values[i], values[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(AccessConfig.JwtConfig.class, ROOT)
                .withDefaultValues(config)
                .build()
                .getConfigMapping(AccessConfig.JwtConfig.class, ROOT);
    }
}
