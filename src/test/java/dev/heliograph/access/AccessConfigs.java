package dev.heliograph.access;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code heliograph.access.*} with its defaults, and without rate limits. */
public final class AccessConfigs {
    private static final String ROOT = "heliograph.access";

    private AccessConfigs() {}

    /** @param values keys below {@code heliograph.access} and their values by turns */
    public static AccessConfig of(String... values) {
        Map<String, String> config = new HashMap<>();
        for (String limit : List.of("publish", "poll", "connect", "accept")) {
            config.put(ROOT + ".limits." + limit + ".requests-per-second", "0");
            config.put(ROOT + ".limits." + limit + ".burst", "0");
        }
        for (int i = 0; i < values.length; i += 2) {
            config.put(ROOT + '.' + values[i], values[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(AccessConfig.class, ROOT)
                .withDefaultValues(config)
                .build()
                .getConfigMapping(AccessConfig.class, ROOT);
    }
}
