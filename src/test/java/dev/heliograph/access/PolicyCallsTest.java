package dev.heliograph.access;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpServer;
import dev.heliograph.fixture.Keys;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real application decides, over HTTP. */
@QuarkusTest
@TestProfile(PolicyCallsTest.WithKeys.class)
@QuarkusTestResource(value = PolicyCallsTest.Application.class, restrictToAnnotatedClass = true)
class PolicyCallsTest {
    private static final List<String> ASKED = new CopyOnWriteArrayList<>();
    private static volatile Function<String, String> decide;
    private static volatile CountDownLatch answered;

    @TestHTTPResource("/api/realtime/ws")
    URI gateway;

    public static final class WithKeys implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Keys.config();
        }
    }

    public static final class Application implements QuarkusTestResourceLifecycleManager {
        private HttpServer server;

        @Override
        public Map<String, String> start() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            server.setExecutor(Executors.newCachedThreadPool());
            server.createContext("/may", exchange -> {
                String question = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                ASKED.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + question);
                String answer = decide.apply(question);
                boolean isStatus = answer.matches("[0-9]{3}");
                byte[] body = isStatus ? new byte[0] : answer.getBytes(UTF_8);
                exchange.sendResponseHeaders(
                        isStatus ? Integer.parseInt(answer) : 200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return Map.of(
                    "heliograph.access.policy.url",
                            "http://127.0.0.1:" + server.getAddress().getPort() + "/may",
                    "heliograph.access.policy.token", "secret-of-the-gateway",
                    "quarkus.fault-tolerance.\"dev.heliograph.access.PolicyCalls/ask\".timeout.value", "1500",
                    "quarkus.fault-tolerance.\"dev.heliograph.access.PolicyCalls/ask\".circuit-breaker.enabled",
                            "false");
        }

        @Override
        public void stop() {
            server.stop(0);
        }
    }

    @BeforeEach
    void forget() {
        ASKED.clear();
    }

    @Test
    void applicationAllowsWhatIsNotGranted() {
        decide = question -> "{\"allow\":true,\"ttl\":60}";

        latest("finance-allowed").statusCode(404);
        latest("finance-allowed").statusCode(404);

        assertThat(ASKED)
                .containsExactly("Bearer secret-of-the-gateway {\"subject\":\"orders\",\"key\":\"orders\","
                        + "\"action\":\"read\",\"channel\":\"finance-allowed\"}");
    }

    @Test
    void applicationIsNotAskedAboutWhatIsGranted() {
        latest("orders-granted").statusCode(404);

        assertThat(ASKED).isEmpty();
    }

    @Test
    void everyRouteAsks() {
        decide = question -> "{\"allow\":" + question.contains("yes") + ",\"ttl\":60}";
        String event = "{\"channel\":\"finance-%s\",\"type\":\"payment.received\",\"data\":{}}";
        for (String answer : List.of("yes", "no")) {
            boolean may = answer.equals("yes");
            String channel = "finance-" + answer;
            latest(channel).statusCode(may ? 404 : 403);
            get("channels/" + channel + "/events").statusCode(may ? 200 : 403);
            get("documents/" + channel).statusCode(may ? 404 : 403);
            get("poll?channel=" + channel).statusCode(may ? 200 : 403);
            head("sse?channel=" + channel).statusCode(may ? 200 : 403);
            post("publish", event.formatted(answer)).statusCode(may ? 201 : 403);
            post("publish/batch", "{\"events\":[" + event.formatted(answer) + "]}")
                    .statusCode(200)
                    .body("results[0].error.status", equalTo(may ? null : 403));
            given().header("Authorization", Keys.bearer(Keys.ORDERS))
                    .contentType("application/json")
                    .body("{}")
                    .put("/api/realtime/documents/" + channel + "?event=payment.received")
                    .then()
                    .statusCode(may ? 201 : 403);
        }
        assertThat(ASKED).hasSize(8);
    }

    /** What only the application allows is asked for again, as of the one who has now said who it is. */
    @Test
    void goesOnWithWhatApplicationAllowsAfterAuthenticate() throws InterruptedException {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        WebSocket socket = open(null, answers);
        decide = question -> "{\"allow\":true,\"ttl\":60}";
        send(socket, "{\"id\":1,\"subscribe\":{\"channel\":\"finance-kept\"}}");
        send(socket, "{\"id\":2,\"subscribe\":{\"channel\":\"finance-lost\"}}");
        assertThat(heard(answers, 2)).allMatch(answer -> answer.contains("subscribed"));
        decide = question -> "{\"allow\":" + !question.contains("finance-lost") + ",\"ttl\":60}";

        send(socket, "{\"id\":3,\"authenticate\":{\"token\":\"" + Keys.ORDERS + "\"}}");

        assertThat(heard(answers, 2))
                .anyMatch(answer -> answer.startsWith("{\"unsubscribed\"") && answer.contains("finance-lost"))
                .anyMatch(answer -> answer.startsWith("{\"id\":3,\"authenticated\""));
        send(socket, "{\"id\":4,\"unsubscribe\":{\"channel\":\"finance-kept\"}}");
        assertThat(heard(answers, 1)).allMatch(answer -> answer.startsWith("{\"id\":4,\"unsubscribed\""));
        socket.abort();
    }

    private static void send(WebSocket socket, String frame) {
        socket.sendText(frame, true).join();
    }

    /** The next answers, and words about subscriptions. */
    private static List<String> heard(BlockingQueue<String> answers, int count) throws InterruptedException {
        var heard = new ArrayList<String>();
        while (heard.size() < count) {
            String answer = answers.poll(20, TimeUnit.SECONDS);
            assertThat(answer).isNotNull();
            heard.add(answer);
        }
        return heard;
    }

    /** @param key null: it does not say who it is */
    private WebSocket open(String key, BlockingQueue<String> answers) {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        if (key != null) {
            builder.header("Authorization", Keys.bearer(key));
        }
        return builder.buildAsync(URI.create(gateway.toString().replaceFirst("http", "ws")), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
                        if (text.toString().startsWith("{\"id\"")
                                || text.toString().startsWith("{\"unsubscribed\"")) {
                            answers.add(text.toString());
                        }
                        from.request(1);
                        return null;
                    }
                })
                .join();
    }

    /** The frame behind waits, because it may be about what the first one does. */
    @Test
    void framesAreReadInOrderWhileOneAsks() throws InterruptedException {
        decide = question -> "{\"allow\":" + question.contains("yes") + ",\"ttl\":60}";
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        WebSocket socket = open(Keys.ORDERS, answers);
        for (String frame : List.of(
                "{\"id\":1,\"subscribe\":{\"channel\":\"finance-ws-yes\"}}",
                "{\"id\":2,\"unsubscribe\":{\"channel\":\"finance-ws-yes\"}}",
                "{\"id\":3,\"subscribe\":{\"channel\":\"finance-ws-no\"}}",
                "{\"id\":4,\"ping\":{}}")) {
            send(socket, frame);
        }
        List<String> heard = heard(answers, 4);

        assertThat(heard).anyMatch(answer -> answer.startsWith("{\"id\":2,\"unsubscribed\""));
        assertThat(heard).anyMatch(answer -> answer.startsWith("{\"id\":3,\"error\"") && answer.contains("forbidden"));
        assertThat(heard).anyMatch(answer -> answer.startsWith("{\"id\":4,\"pong\""));
        assertThat(ASKED).hasSize(2);
        socket.abort();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"500", "403", "no json", "{}", "{\"allow\":1}", "{\"allow\":true,\"ttl\":-1}", "[true]", "hang"})
    void refusesIfApplicationDoesNotDecide(String answer) {
        decide = question -> {
            if (answer.equals("hang")) {
                hang();
            }
            return answer;
        };

        answered = new CountDownLatch(1);
        latest("finance-" + Integer.toHexString(answer.hashCode()))
                .statusCode(503)
                .body("type", equalTo("urn:heliograph:problem:policy-unavailable"));
        answered.countDown();
        assertThat(ASKED).hasSize(3);
    }

    /** Until the test has its answer. */
    private static void hang() {
        try {
            answered.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ValidatableResponse latest(String channel) {
        return get("channels/" + channel + "/latest");
    }

    private static ValidatableResponse get(String address) {
        return given().header("Authorization", Keys.bearer(Keys.ORDERS))
                .get("/api/realtime/" + address)
                .then();
    }

    private static ValidatableResponse head(String address) {
        return given().header("Authorization", Keys.bearer(Keys.ORDERS))
                .head("/api/realtime/" + address)
                .then();
    }

    private static ValidatableResponse post(String address, String body) {
        return given().header("Authorization", Keys.bearer(Keys.ORDERS))
                .contentType("application/json")
                .body(body)
                .post("/api/realtime/" + address)
                .then();
    }
}
