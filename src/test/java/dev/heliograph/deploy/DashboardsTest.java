package dev.heliograph.deploy;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.core.metrics.MetricsConstants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard, the alerts and the autoscaler ask only for metrics that a gateway has. */
@QuarkusTest
class DashboardsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Path K8S = Path.of("k8s");
    private static final Path MONITORING = K8S.resolve("components").resolve("monitoring");
    private static final Set<String> PROMQL =
            Set.of("sum", "max", "by", "rate", "increase", "absent", "histogram_quantile");
    /** Labels, ranges, and what is grouped by. */
    private static final Pattern NO_METRIC = Pattern.compile("\\{[^}]*}|\\[[^]]*]|\\bby \\([^)]*\\)|\\b[0-9][0-9.e]*");

    private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z][a-zA-Z0-9_]*)[{ ]");
    private static final Pattern IN_SOURCE = Pattern.compile("\"(heliograph_[a-z]+_[a-z_]+)\"");

    /** A gateway that answered nobody has no metrics of answers. */
    @BeforeEach
    void answerSomebody() {
        await().atMost(LIMIT).until(() -> {
            given().get("/api/realtime/cache").then().statusCode(200);
            return metrics().contains("http_server_requests_seconds_count");
        });
    }

    @Test
    void dashboardShowsMetricsThatExist() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(MONITORING.resolve("dashboard.json").toFile());
        List<String> expressions = dashboard.findValuesAsText("expr");

        assertThat(expressions).hasSizeGreaterThan(15);
        assertThat(expressions).allSatisfy(DashboardsTest::assertExists);
    }

    @Test
    void alertsWatchMetricsThatExist() throws IOException {
        JsonNode rules = yaml(MONITORING.resolve("prometheusrule.yaml"));
        List<String> expressions = rules.findValuesAsText("expr");

        assertThat(expressions).hasSizeGreaterThan(8);
        assertThat(expressions).allSatisfy(DashboardsTest::assertExists);
    }

    @Test
    void operatorFindsWhatToDoAboutEachAlert() throws IOException {
        String operations = Files.readString(Path.of("docs", "operations.md"));

        assertThat(yaml(MONITORING.resolve("prometheusrule.yaml")).findValuesAsText("alert"))
                .hasSizeGreaterThan(8)
                .allSatisfy(alert -> assertThat(operations).contains("| `" + alert + "` | "));
    }

    @Test
    void autoscalerCountsAMetricThatExists() throws IOException {
        JsonNode scaler = yaml(K8S.resolve("base").resolve("horizontalpodautoscaler.yaml"));
        String metric = scaler.at("/spec/metrics/1/pods/metric/name").asText();

        assertThat(metric).isNotEmpty();
        assertExists(metric);
    }

    private static void assertExists(String expression) {
        Set<String> words =
                new TreeSet<>(WORD.matcher(NO_METRIC.matcher(expression).replaceAll(" "))
                        .results()
                        .map(MatchResult::group)
                        .toList());
        words.removeAll(PROMQL);

        assertThat(words).as(expression).isNotEmpty();
        assertThat(metrics()).as(expression).containsAll(words);
    }

    /**
     * What this gateway shows, and what others show: some metrics are there only with Redis, with a JWK set, or after the first
     * failure.
     */
    private static Set<String> metrics() {
        var names = new TreeSet<String>();
        SAMPLE.matcher(given().get("/q/metrics").asString()).results().forEach(each -> names.add(each.group(1)));
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                IN_SOURCE.matcher(Files.readString(file)).results().forEach(each -> {
                    names.add(each.group(1));
                    names.add(each.group(1) + "_total");
                });
            }
            for (Field constant : MetricsConstants.class.getFields()) {
                names.add(((String) constant.get(null)).replace('.', '_'));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (IllegalAccessException hidden) {
            throw new AssertionError(hidden);
        }
        return names;
    }

    private static JsonNode yaml(Path file) throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
    }
}
