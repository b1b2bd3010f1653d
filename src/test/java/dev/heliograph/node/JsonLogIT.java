package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.GatewayProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLogIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void writesEachLineAsJsonObjectIfAsked() throws IOException {
        try (var gateway = GatewayProcess.start(
                "HELIOGRAPH_LOGGING_JSON=true", "QUARKUS_REDIS_HOSTS=redis://redis.invalid:6379")) {
            await().atMost(LIMIT)
                    .until(() -> gateway.output().contains("There is no connection to Redis for the feed"));
            assertThat(gateway.stop()).isZero();

            List<String> lines = gateway.output().lines().toList();
            assertThat(lines).hasSizeGreaterThan(3);
            for (String line : lines) {
                JsonNode each = json.readTree(line);
                OffsetDateTime.parse(each.get("timestamp").textValue());
                assertThat(each.get("level").textValue()).isIn("INFO", "WARN");
                assertThat(each.get("message").textValue()).isNotBlank();
                assertThat(each.get("loggerName").textValue()).isNotBlank();
            }
            assertThat(gateway.output()).contains("\"WARN\"");
        }
    }

    @Test
    void writesText() {
        try (var gateway = GatewayProcess.start()) {
            assertThat(gateway.output())
                    .contains("INFO  [dev.heliograph.node.StartCheck]")
                    .doesNotContain("{\"");
        }
    }

    @Test
    void writesFailedStartAsOneJsonObject() throws IOException {
        String said = GatewayProcess.startRefused("HELIOGRAPH_LOGGING_JSON=true", "heliograph.hub.page-entries=0");

        assertThat(said.lines()).hasSize(1);
        assertThat(json.readTree(said).get("message").textValue())
                .isEqualTo("Failed to start: heliograph.hub.page-entries is 0, expected 1 to 1000");
    }
}
