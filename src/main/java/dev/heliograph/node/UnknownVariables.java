package dev.heliograph.node;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.event.Observes;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/**
 * Warns of environment variables that look as if they were keys of the gateway and are none. In other sources such a key fails the
 * start; Kubernetes and others set variables that nobody asked for.
 */
final class UnknownVariables {
    // docs/decisions.md: An environment variable that is no key is only warned of
    private static final String ROOT = "heliograph.";

    /** Kubernetes sets them for a service of the gateway's name. */
    private static final Pattern OF_SERVICE = Pattern.compile("HELIOGRAPH_(SERVICE_(HOST|PORT.*)|PORT(_.*)?)");

    private static final int ABOVE_ENVIRONMENT = Integer.MAX_VALUE;
    private static final Pattern UNKNOWN_KEY = Pattern.compile("SRCFG\\d+: (\\S+) in .* does not map to any root");

    void warn(@Observes StartupEvent start, Config config) {
        Set<String> unknown =
                unknown(config.unwrap(SmallRyeConfig.class), System.getenv().keySet());
        if (!unknown.isEmpty()) {
            Log.warnf(
                    "Environment variables that name no key, and so have no effect: %s; docs/operations.md lists all keys",
                    String.join(", ", unknown));
        }
    }

    static Set<String> unknown(SmallRyeConfig config, Set<String> variables) {
        Map<String, String> keys = StreamSupport.stream(
                        config.getPropertyNames().spliterator(), false)
                .filter(key -> key.startsWith(ROOT))
                .filter(key -> variables.contains(variable(key)))
                .collect(Collectors.toMap(key -> key, key -> String.valueOf(config.getRawValue(key))));
        return (keys.isEmpty() ? Set.<String>of() : unknownKeys(keys))
                .stream()
                        .map(UnknownVariables::variable)
                        .filter(variable -> !OF_SERVICE.matcher(variable).matches())
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those that fail the start if they come from a source whose keys are checked. */
    private static Set<String> unknownKeys(Map<String, String> keys) {
        try {
            ConfigUtils.emptyConfigBuilder()
                    .withMapping(HeliographConfig.class)
                    .withSources(new PropertiesConfigSource(keys, "variables", ABOVE_ENVIRONMENT))
                    .build();
            return Set.of();
        } catch (ConfigValidationException invalid) {
            return IntStream.range(0, invalid.getProblemCount())
                    .mapToObj(i -> UNKNOWN_KEY.matcher(invalid.getProblem(i).getMessage()))
                    .filter(Matcher::find)
                    .map(unknown -> unknown.group(1))
                    .collect(Collectors.toSet());
        }
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
