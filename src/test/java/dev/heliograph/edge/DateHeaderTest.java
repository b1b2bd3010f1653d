package dev.heliograph.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.HttpConnection;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class DateHeaderTest {
    private final String channel = "orders-" + UUID.randomUUID();
    private String tag;

    @BeforeEach
    void publish() {
        String cursor = given().contentType("application/json")
                .body("{\"channel\":\"" + channel + "\",\"type\":\"order.updated\",\"data\":{}}")
                .post("/api/realtime/publish")
                .then()
                .statusCode(201)
                .extract()
                .path("cursor");
        tag = '"' + cursor + '"';
    }

    @ParameterizedTest
    @CsvSource({
        "200, channels/CHANNEL/latest, false",
        "304, channels/CHANNEL/latest, true",
        "200, poll?channel=CHANNEL, false",
        "304, poll?channel=CHANNEL, true",
        "404, channels/nowhere-1/latest, false",
        "404, documents/CHANNEL, false",
        "400, poll, false",
        "404, nowhere, false",
        "405, publish, false",
        "200, sse?channel=CHANNEL, false"
    })
    void everyAnswerIsDated(int status, String path, boolean isConditional) throws IOException {
        Instant before = Instant.now();
        Map<String, String> headers = isConditional ? Map.of("If-None-Match", tag) : Map.of();

        try (var connection = HttpConnection.open(RestAssured.port)) {
            HttpConnection.Answer answer = connection.get("/api/realtime/" + path.replace("CHANNEL", channel), headers);

            assertThat(answer.status()).isEqualTo(status);
            assertThat(dateOf(answer)).isBetween(before.truncatedTo(ChronoUnit.SECONDS), Instant.now());
        }
    }

    @Test
    void anAnswerThatWasWaitedForHasTheDateOfItsEnd() throws IOException {
        Instant before = Instant.now();

        try (var connection = HttpConnection.open(RestAssured.port)) {
            connection.send("/api/realtime/poll?wait=55&channel=" + channel, Map.of("If-None-Match", tag));
            Instant later = before.plusSeconds(2);
            await().atMost(Duration.ofSeconds(20)).until(() -> Instant.now().isAfter(later));
            publish();

            HttpConnection.Answer answer = connection.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(dateOf(answer)).isBetween(later.truncatedTo(ChronoUnit.SECONDS), Instant.now());
        }
    }

    private static Instant dateOf(HttpConnection.Answer answer) {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(answer.header("Date")));
    }
}
