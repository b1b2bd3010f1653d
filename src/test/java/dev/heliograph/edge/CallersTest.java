package dev.heliograph.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.Keys;
import dev.heliograph.http.route.Route;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every route asks its caller. */
@QuarkusTest
@TestProfile(CallersTest.WithKeys.class)
class CallersTest {
    private static final String EVENT = "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{}}";
    private static final String ADMIN = "admin";

    @TestHTTPResource("/api/realtime/ws")
    URI gateway;

    public static final class WithKeys implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Jwts.config();
        }
    }

    /** @param right what it needs */
    private record Request(Route route, String method, String address, String body, String right) {
        RequestSpecification with(String key) {
            RequestSpecification request =
                    given().contentType("application/json").body(body);
            return key == null ? request : request.header("Authorization", Keys.bearer(key));
        }
    }

    private static Stream<Request> requests() {
        return Stream.of(
                new Request(Route.PUBLISH, "POST", "publish", EVENT, "publish"),
                new Request(Route.SSE, "GET", "sse?channel=orders-1", "", "subscribe"),
                new Request(Route.POLL, "GET", "poll?channel=orders-1&cursor=a-1", "", "subscribe"),
                new Request(Route.POLL, "GET", "poll?channel=orders-1&document=true", "", "subscribe"),
                new Request(Route.EVENTS, "GET", "channels/orders-1/events", "", "read"),
                new Request(Route.LATEST, "GET", "channels/orders-1/latest", "", "read"),
                new Request(Route.DOCUMENT, "GET", "documents/orders-1", "", "read"),
                new Request(Route.DOCUMENT, "PUT", "documents/orders-1?event=order.updated", "{}", "write"),
                new Request(Route.DOCUMENT, "DELETE", "documents/orders-1?event=order.updated", "", "write"),
                new Request(Route.CACHE, "GET", "cache", "", ADMIN),
                new Request(Route.CACHE, "DELETE", "cache", "", ADMIN),
                new Request(Route.CACHE_INVALIDATE, "POST", "cache/invalidate", "{\"all\":true}", ADMIN),
                new Request(Route.CACHE_KEY, "DELETE", "cache/orders-1", "", ADMIN));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void refusesWhoSaysNothing(Request request) {
        request.with(null)
                .request(request.method, "/api/realtime/" + request.address)
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .body("type", equalTo("urn:heliograph:problem:unauthenticated"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void refusesKeyWithoutGrant(Request request) {
        request.with(Keys.NOTHING)
                .request(request.method, "/api/realtime/" + request.address)
                .then()
                .statusCode(403)
                .body("type", equalTo("urn:heliograph:problem:forbidden"))
                .body(
                        "detail",
                        startsWith(request.right.equals(ADMIN) ? "This request" : request.right + " on orders-1"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void refusesUnknownKey(Request request) {
        request.with("hgk_orders_" + "x".repeat(43))
                .request(request.method, "/api/realtime/" + request.address)
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .body("type", equalTo("urn:heliograph:problem:invalid-token"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void refusesTokenWithoutGrant(Request request) {
        request.with(Jwts.token("alice", Duration.ofMinutes(1), "{}"))
                .request(request.method, "/api/realtime/" + request.address)
                .then()
                .statusCode(403)
                .body("type", equalTo("urn:heliograph:problem:forbidden"));
    }

    @Test
    void publishesWithToken() {
        given().header("Authorization", Keys.bearer(Jwts.token("alice", Duration.ofMinutes(1), Jwts.ORDERS)))
                .contentType("application/json")
                .body(EVENT)
                .post("/api/realtime/publish")
                .then()
                .statusCode(201);
    }

    @Test
    void refusesExpiredToken() {
        given().header("Authorization", Keys.bearer(Jwts.token("alice", Duration.ofMinutes(-1), Jwts.ORDERS)))
                .get("/api/realtime/documents/orders-1")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .body("type", equalTo("urn:heliograph:problem:token-expired"));
    }

    /** The same for a namespace that is there and one that is not. */
    @ParameterizedTest
    @ValueSource(strings = {"finance-1", "nothing-1"})
    void tellsNotWhatThereIs(String channel) {
        String without = given().get("/api/realtime/documents/" + channel)
                .then()
                .statusCode(401)
                .extract()
                .asString();
        String with = given().header("Authorization", Keys.bearer(Keys.ORDERS))
                .get("/api/realtime/documents/" + channel)
                .then()
                .statusCode(403)
                .extract()
                .asString();

        assertThat(without.replace(channel, "C")).isEqualTo(problem("unauthenticated", 401));
        assertThat(with).contains("read on " + channel).doesNotContain("namespaces");
    }

    private static String problem(String slug, int status) {
        return given().get("/api/realtime/documents/drivers-1")
                .then()
                .statusCode(status)
                .body("type", equalTo("urn:heliograph:problem:" + slug))
                .extract()
                .asString()
                .replace("drivers-1", "C");
    }

    @Test
    void answersEachEventOfBatchAlone() {
        String other = EVENT.replace("orders-1", "finance-1");
        given().header("Authorization", Keys.bearer(Keys.ORDERS))
                .contentType("application/json")
                .body("{\"events\":[" + EVENT + "," + other + "]}")
                .post("/api/realtime/publish/batch")
                .then()
                .statusCode(200)
                .body("results[0].channel", equalTo("orders-1"))
                .body("results[1].error.type", equalTo("urn:heliograph:problem:forbidden"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"subscribe\":{\"channel\":\"finance-1\"}}",
                "{\"id\":1,\"subscribe\":{\"channel\":\"finance-1\",\"document\":true}}",
                "{\"id\":1,\"unsubscribe\":{\"channel\":\"finance-1\"}}",
                "{\"id\":1,\"subscribe\":{\"channel\":\"nothing-1\"}}"
            })
    void webSocketRefusesWhatIsNotGranted(String frame) throws InterruptedException {
        assertThat(answer(frame)).contains("\"type\":\"urn:heliograph:problem:forbidden\"");
    }

    @Test
    void webSocketSubscribesToWhatIsGranted() throws InterruptedException {
        assertThat(answer("{\"id\":1,\"subscribe\":{\"channel\":\"orders-1\"}}"))
                .contains("\"subscribed\"");
    }

    private String answer(String frame) throws InterruptedException {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", Keys.bearer(Keys.ORDERS))
                .buildAsync(URI.create(gateway.toString().replaceFirst("http", "ws")), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
                        answers.add(text.toString());
                        from.request(1);
                        return null;
                    }
                })
                .join();
        socket.sendText(frame, true).join();
        String answer = answers.poll(20, TimeUnit.SECONDS);
        socket.abort();
        return answer;
    }

    @Test
    void everyRouteIsHere() {
        Set<Route> asking = requests().map(Request::route).collect(Collectors.toSet());
        asking.addAll(Set.of(Route.PUBLISH_BATCH, Route.WS));

        assertThat(asking).containsExactlyInAnyOrder(Route.values());
    }
}
