package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.log.redis.RedisEngine;
import dev.heliograph.publish.redis.RawIngest;
import dev.heliograph.publish.redis.RawIngestConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the pod in k8s/base against the rule in docs/operations.md. */
class GracePeriodTest {
    private static final Duration REST_OF_THE_PROCESS = Duration.ofSeconds(5);

    @Test
    void podHasTimeForTheLongestStop() throws IOException {
        var shipped = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("src", "main", "resources", "application.properties"))) {
            shipped.load(file);
        }
        Duration longest = inPod("configmap.yaml", "QUARKUS_SHUTDOWN_DELAY: (\\d+)s")
                .plus(longestCloseByDefault())
                .plus(REST_OF_THE_PROCESS);

        assertThat(shipped).doesNotContainKey("quarkus.shutdown.timeout");
        assertThat(inPod("deployment.yaml", "terminationGracePeriodSeconds: (\\d+)"))
                .isGreaterThanOrEqualTo(inPod("deployment.yaml", "preStop:\\s+sleep:\\s+seconds: (\\d+)")
                        .plus(longest));
    }

    private static Duration longestCloseByDefault() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(RawIngestConfig.class, "heliograph.ingest")
                .withMapping(RedisEngine.Config.class, "heliograph.redis")
                .build();
        return RawIngest.longestClose(
                config.getConfigMapping(RedisEngine.Config.class, "heliograph.redis"),
                config.getConfigMapping(RawIngestConfig.class, "heliograph.ingest"));
    }

    private static Duration inPod(String file, String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(Files.readString(Path.of("k8s", "base", file)));
        assertThat(found.find()).as(pattern).isTrue();
        return Duration.ofSeconds(Long.parseLong(found.group(1)));
    }
}
