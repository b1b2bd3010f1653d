package dev.heliograph.node;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.WsClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What an operator asks the metrics of a gateway. */
@QuarkusTest
class MetricsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TestHTTPResource
    URI uri;

    @Test
    void tellHowLateEventsAre() throws Exception {
        var backend = new GatewayHttp(uri);
        try (var client = WsClient.connect(uri.getPort())) {
            client.subscribe("orders-late");
            client.next();

            backend.publish("orders-late", "order.updated", "{}");

            assertThat(client.next().has("event")).isTrue();
        }
        await().atMost(LIMIT).until(() -> backend.metric("heliograph_hub_lag_seconds_count") >= 1);
        await().atMost(LIMIT).until(() -> backend.metric("heliograph_node_probe_lag_seconds_count") >= 1);
        assertThat(backend.metric("heliograph_hub_turn_seconds_count")).isPositive();
        assertThat(backend.get("/q/metrics"))
                .contains("heliograph_hub_lag_seconds_bucket{le=", "heliograph_node_probe_lag_seconds_bucket{le=");
        assertThat(backend.metric("heliograph_node_probe_age_seconds")).isNotNegative();
    }

    @Test
    void tellHowManyConditionalReadsAreAnswered304() {
        String document = "/api/realtime/documents/orders-conditional";
        String etag = given().contentType("application/json")
                .body("{}")
                .put(document)
                .then()
                .statusCode(201)
                .extract()
                .header("ETag");

        given().get(document).then().statusCode(200);
        given().header("If-None-Match", etag).get(document).then().statusCode(304);

        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                        given().get("/q/metrics").asString().lines())
                .filteredOn(line -> line.startsWith("http_server_requests_seconds_count{")
                        && line.contains("method=\"GET\"")
                        && line.contains("uri=\"/api/realtime/documents/{channel}\""))
                .anyMatch(line -> line.contains("status=\"200\""))
                .anyMatch(line -> line.contains("status=\"304\"")));
    }
}
