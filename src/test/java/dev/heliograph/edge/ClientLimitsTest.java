package dev.heliograph.edge;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.heliograph.fixture.Keys;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Limits by who somebody is, and on what one client may have at a time. */
@QuarkusTest
@TestProfile(ClientLimitsTest.SmallLimits.class)
class ClientLimitsTest {
    @TestHTTPResource("/api/realtime/")
    URI gateway;

    private final HttpClient http = HttpClient.newHttpClient();

    public static final class SmallLimits implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            var config = new HashMap<>(Keys.config());
            config.put("heliograph.access.limits.poll.requests-per-second", "1");
            config.put("heliograph.access.limits.poll.burst", "20");
            config.put("heliograph.access.limits.max-connections-per-subject", "2");
            config.put("heliograph.namespaces.orders.publishes-per-second", "1");
            return config;
        }
    }

    @Test
    void countsSubjectAndAddressApart() {
        for (int i = 0; i < 30; i++) {
            latest(Keys.NOTHING);
        }

        assertThat(latest(Keys.NOTHING).statusCode()).isEqualTo(429);
        assertThat(latest(Keys.ADMIN).statusCode()).isEqualTo(403);
    }

    @Test
    void countsThoseWhoTryKeysOut() {
        for (int i = 0; i < 30; i++) {
            latest("hgk_orders_" + "x".repeat(42) + i % 10);
        }

        problem(latest("hgk_orders_" + "y".repeat(43)).then(), 429, "rate-exceeded");
    }

    @Test
    void limitsEventsOfOneClientInNamespace() {
        String batch =
                "{\"events\":[" + "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{}},".repeat(20);
        given().header("Authorization", Keys.bearer(Keys.ORDERS))
                .contentType("application/json")
                .body(batch.substring(0, batch.length() - 1) + "]}")
                .post("/api/realtime/publish/batch")
                .then()
                .statusCode(200)
                .body("results[0].channel", equalTo("orders-1"))
                .body("results[19].error.type", equalTo("urn:heliograph:problem:rate-exceeded"));
    }

    @Test
    void refusesThirdConnectionOfSubjectUntilOneEnds() throws Exception {
        WebSocket socket = open();
        HttpResponse<InputStream> stream = stream();
        assertThat(stream.statusCode()).isEqualTo(200);

        assertThat(refusal()).isEqualTo(429);
        HttpResponse<InputStream> refused = stream();
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(new String(refused.body().readAllBytes())).contains("too-many-connections", "close one");
        socket.abort();
        Awaitility.await().until(() -> {
            HttpResponse<InputStream> again = stream();
            boolean isIn = again.statusCode() == 200;
            again.body().close();
            return isIn;
        });
        stream.body().close();
    }

    private int refusal() {
        try {
            open().abort();
            return 101;
        } catch (CompletionException refused) {
            return ((WebSocketHandshakeException) refused.getCause())
                    .getResponse()
                    .statusCode();
        }
    }

    private WebSocket open() {
        return http.newWebSocketBuilder()
                .header("Authorization", Keys.bearer(Keys.ORDERS))
                .buildAsync(
                        URI.create(gateway.resolve("ws").toString().replaceFirst("http", "ws")),
                        new WebSocket.Listener() {})
                .join();
    }

    private HttpResponse<InputStream> stream() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("sse?channel=orders-1"))
                .header("Authorization", Keys.bearer(Keys.ORDERS))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return http.send(request, BodyHandlers.ofInputStream());
    }

    private static Response latest(String key) {
        return given().header("Authorization", Keys.bearer(key)).get("/api/realtime/channels/finance-1/latest");
    }
}
