package dev.heliograph.edge;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
            config.put("heliograph.session.bytes-per-second", "1");
            config.put("heliograph.session.byte-burst", "100K");
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
        given().header("Authorization", Keys.bearer(Keys.ADMIN))
                .get("/q/metrics")
                .then()
                .body(containsString("heliograph_access_identities_total{outcome=\"invalid-token\""));
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

    @Test
    void countsConnectionThatSaysInFrameWhoItIs() throws InterruptedException {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        String authenticate = "{\"id\":1,\"authenticate\":{\"token\":\"" + Keys.NOTHING + "\"}}";
        var sockets = new ArrayList<WebSocket>();
        for (int i = 0; i < 3; i++) {
            sockets.add(open(null, answers));
            sockets.get(i).sendText(authenticate, true).join();
            assertThat(answers.poll(10, TimeUnit.SECONDS)).contains(i < 2 ? "authenticated" : "too-many-connections");
        }

        sockets.get(0).abort();

        Awaitility.await().until(() -> {
            sockets.get(2).sendText(authenticate, true).join();
            return answers.poll(10, TimeUnit.SECONDS).contains("authenticated");
        });
        sockets.forEach(WebSocket::abort);
    }

    @Test
    void limitsBytesOfOneConnection() throws InterruptedException {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        WebSocket socket = open(Keys.ADMIN, answers);
        String ping = "{\"id\":1,\"ping\":{}}" + " ".repeat(60_000);

        socket.sendText(ping, true).join();
        assertThat(answers.poll(10, TimeUnit.SECONDS)).contains("pong");
        socket.sendText(ping, true).join();

        assertThat(answers.poll(10, TimeUnit.SECONDS))
                .contains("rate-exceeded", "1 bytes per second, and 102400 at once");
        socket.abort();
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
        return open(Keys.ORDERS, new LinkedBlockingQueue<>());
    }

    /** @param key null: it does not say who it is */
    private WebSocket open(String key, BlockingQueue<String> answers) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (key != null) {
            builder.header("Authorization", Keys.bearer(key));
        }
        return builder.buildAsync(
                        URI.create(gateway.resolve("ws").toString().replaceFirst("http", "ws")),
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
                                answers.add(text.toString());
                                from.request(1);
                                return null;
                            }
                        })
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
