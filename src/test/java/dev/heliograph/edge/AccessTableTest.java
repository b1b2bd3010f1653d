package dev.heliograph.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.Jwts;
import dev.heliograph.http.route.Route;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who gets which answer: every route and every frame, for every kind of identity. A route or frame without a row fails. */
@QuarkusTest
@TestProfile(AccessTableTest.WithKeys.class)
class AccessTableTest {
    /** With a status: the answer of a route. Without: that of a frame. */
    private static final String UNAUTHENTICATED = "401 unauthenticated";

    private static final String INVALID = "401 invalid-token";
    private static final String EXPIRED = "401 token-expired";
    private static final String FORBIDDEN = "403 forbidden";
    private static final String EVENT = "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{}}";

    private enum Who {
        NONE,
        WRONG,
        EXPIRED,
        WITHOUT_GRANT,
        WITH_GRANT,
        ADMIN;

        /** Null for none. */
        String token() {
            return switch (this) {
                case NONE -> null;
                case WRONG ->
                    Jwts.signed(
                            "{\"alg\":\"HS256\"}",
                            "{\"sub\":\"x\",\"exp\":9999999999}",
                            "x".repeat(32).getBytes(UTF_8));
                case EXPIRED -> Jwts.token(subject(), Duration.ofMinutes(-5), Jwts.ORDERS);
                case WITHOUT_GRANT -> Jwts.token(subject(), Duration.ofHours(1), "{}");
                case WITH_GRANT -> Jwts.token(subject(), Duration.ofHours(1), Jwts.ORDERS);
                case ADMIN -> Jwts.token(subject(), Duration.ofHours(1), "{\"admin\":true}");
            };
        }

        String subject() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param answers one for each {@link Who}, in order */
    private record Row(Route route, String method, String address, String body, List<String> answers) {}

    /** What only a grant allows. */
    private static Row granted(Route route, String method, String address, String body, String answer) {
        return new Row(
                route, method, address, body, List.of(UNAUTHENTICATED, INVALID, EXPIRED, FORBIDDEN, answer, FORBIDDEN));
    }

    /** What only an admin may. */
    private static Row admin(Route route, String method, String address, String body, String answer) {
        return new Row(
                route, method, address, body, List.of(UNAUTHENTICATED, INVALID, EXPIRED, FORBIDDEN, FORBIDDEN, answer));
    }

    private static Stream<Row> rows() {
        String later = "2030-01-01T00:00:00Z";
        return Stream.of(
                granted(Route.PUBLISH, "POST", "publish", EVENT, "201"),
                granted(Route.SSE, "GET", "sse?channel=orders-1", "", "200"),
                granted(Route.SSE, "GET", "sse?channel=orders-1&document=true", "", "200"),
                granted(Route.SSE, "HEAD", "sse?channel=orders.*", "", "200"),
                granted(Route.POLL, "GET", "poll?channel=orders-1", "", "200"),
                granted(Route.POLL, "GET", "poll?channel=orders-1&cursor=a-1", "", "200"),
                granted(Route.POLL, "GET", "poll?channel=orders-1&document=true", "", "200"),
                granted(Route.EVENTS, "GET", "channels/orders-1/events", "", "200"),
                granted(Route.LATEST, "GET", "channels/orders-nothing/latest", "", "404 no-event"),
                granted(Route.DOCUMENT, "GET", "documents/orders-nothing", "", "404 no-document"),
                granted(Route.DOCUMENT, "PUT", "documents/orders-1", "{}", "428 precondition-required"),
                granted(Route.DOCUMENT, "PATCH", "documents/orders-1", "{}", "428 precondition-required"),
                granted(Route.DOCUMENT, "DELETE", "documents/orders-1", "", "428 precondition-required"),
                admin(Route.CACHE, "GET", "cache", "", "200"),
                admin(Route.CACHE, "DELETE", "cache", "", "204"),
                admin(Route.CACHE_INVALIDATE, "POST", "cache/invalidate", "{\"keys\":[\"orders-1\"]}", "204"),
                admin(Route.CACHE_KEY, "DELETE", "cache/orders-1", "", "204"),
                admin(Route.REVOCATIONS, "GET", "revocations", "", "200"),
                admin(
                        Route.REVOCATIONS,
                        "POST",
                        "revocations",
                        "{\"subject\":\"z\",\"until\":\"" + later + "\"}",
                        "204"),
                admin(Route.REVOCATIONS, "DELETE", "revocations?subject=z", "", "204"),
                new Row(
                        Route.PUBLISH_BATCH,
                        "POST",
                        "publish/batch",
                        "{\"events\":[]}",
                        List.of("200", INVALID, EXPIRED, "200", "200", "200")),
                new Row(
                        Route.TICKETS,
                        "POST",
                        "tickets",
                        "",
                        List.of(UNAUTHENTICATED, INVALID, EXPIRED, "201", "201", "201")),
                new Row(
                        Route.SESSION_REFRESH,
                        "POST",
                        "sessions/AAAAAAAAAAAAAAAAAAAAAA/refresh",
                        "",
                        List.of(
                                UNAUTHENTICATED,
                                INVALID,
                                EXPIRED,
                                "404 unknown-session",
                                "404 unknown-session",
                                "404 unknown-session")));
    }

    @TestHTTPResource("/api/realtime/")
    URI gateway;

    private final HttpClient http = HttpClient.newHttpClient();

    public static final class WithKeys implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> config = Jwts.config();
            config.put("heliograph.namespaces.orders.client-publish", "true");
            return config;
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void routeAnswers(Row row) throws Exception {
        if (row.method.equals("PUT")
                || row.method.equals("PATCH")
                || row.method.equals("DELETE") && row.route == Route.DOCUMENT) {
            send(new Row(row.route, "PUT", row.address, "{}", row.answers), Who.WITH_GRANT, "If-None-Match", "*");
        }
        for (Who who : Who.values()) {
            HttpResponse<InputStream> response = send(row, who);

            // RFC 9110, section 15.5.2
            assertThat(response.headers().firstValue("WWW-Authenticate").isPresent())
                    .isEqualTo(response.statusCode() == 401);
            assertThat(answer(response)).as(who + ": " + row).isEqualTo(expected(row, who));
        }
    }

    /** {@code HEAD} has no body to say more. */
    private static String expected(Row row, Who who) {
        String answer = row.answers.get(who.ordinal());
        return row.method.equals("HEAD") ? answer.substring(0, 3) : answer;
    }

    @Test
    void handshakeAnswers() {
        assertThat(Arrays.stream(Who.values()).map(this::handshake))
                .containsExactly("101", "401", "401", "101", "101", "101");
    }

    /** One row for each frame: the answers to {@code NONE}, {@code WITHOUT_GRANT}, {@code WITH_GRANT} and {@code ADMIN}. */
    private static final Map<String, List<String>> FRAMES = Map.of(
            "{\"subscribe\":{\"channel\":\"orders-1\"}}",
            List.of("unauthenticated", "forbidden", "subscribed", "forbidden"),
            "{\"subscribe\":{\"channel\":\"orders-2\",\"document\":true}}",
            List.of("unauthenticated", "forbidden", "subscribed", "forbidden"),
            "{\"unsubscribe\":{\"channel\":\"orders-3\"}}",
            List.of("unauthenticated", "forbidden", "not-subscribed", "forbidden"),
            "{\"publish\":" + EVENT + "}",
            List.of("unauthenticated", "forbidden", "published", "forbidden"),
            "{\"ping\":{}}",
            List.of("pong", "pong", "pong", "pong"),
            "{\"authenticate\":{\"token\":\"WRONG\"}}",
            List.of("invalid-token", "invalid-request", "invalid-request", "invalid-request"),
            "{\"authenticate\":{\"token\":\"EXPIRED\"}}",
            List.of("token-expired", "invalid-request", "invalid-request", "invalid-request"),
            "{\"authenticate\":{\"token\":\"SAME\"}}",
            List.of("authenticated", "invalid-request", "invalid-request", "invalid-request"),
            "{\"refresh\":{\"token\":\"WRONG\"}}",
            List.of("invalid-request", "invalid-token", "invalid-token", "invalid-token"),
            "{\"refresh\":{\"token\":\"SAME\"}}",
            List.of("invalid-request", "refreshed", "refreshed", "refreshed"));

    private static Stream<String> frames() {
        return FRAMES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("frames")
    void frameAnswers(String frame) throws Exception {
        List<Who> whose = List.of(Who.NONE, Who.WITHOUT_GRANT, Who.WITH_GRANT, Who.ADMIN);
        for (int i = 0; i < whose.size(); i++) {
            Who who = whose.get(i);
            String same = who == Who.NONE ? Who.WITH_GRANT.token() : who.token();
            String sent = frame.replace("WRONG", Who.WRONG.token())
                    .replace("EXPIRED", Who.EXPIRED.token())
                    .replace("SAME", same);

            assertThat(answer(who, sent))
                    .as(who + ": " + frame)
                    .isEqualTo(FRAMES.get(frame).get(i));
        }
    }

    @Test
    void everyRouteAndFrameHasRow() throws ClassNotFoundException {
        Set<Route> routes = rows().map(Row::route).collect(Collectors.toSet());
        routes.add(Route.WS);
        Set<String> kinds = frames().map(frame -> frame.split("\"")[1]).collect(Collectors.toSet());

        assertThat(routes).containsExactlyInAnyOrder(Route.values());
        assertThat(kinds)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Class.forName("dev.heliograph.transport.ws.WsRequest")
                                        .getPermittedSubclasses())
                                .map(kind -> kind.getSimpleName().toLowerCase(Locale.ROOT))
                                .toList());
    }

    private HttpResponse<InputStream> send(Row row, Who who, String... headers) throws Exception {
        String type = row.method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
        var request = HttpRequest.newBuilder(gateway.resolve(row.address))
                .method(row.method, row.body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(row.body))
                .version(HttpClient.Version.HTTP_1_1);
        if (!row.body.isEmpty()) {
            request.header("Content-Type", type);
        }
        if (who != Who.NONE) {
            request.header("Authorization", "Bearer " + who.token());
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofInputStream());
    }

    private static String answer(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            if (response.statusCode() < 400 || response.request().method().equals("HEAD")) {
                return Integer.toString(response.statusCode());
            }
            return response.statusCode() + " " + slug(new ObjectMapper().readTree(body));
        }
    }

    private static String slug(JsonNode problem) {
        return problem.path("type").asText().replace("urn:heliograph:problem:", "");
    }

    private String handshake(Who who) {
        try {
            open(who, new LinkedBlockingQueue<>()).abort();
            return "101";
        } catch (CompletionException refused) {
            return Integer.toString(((WebSocketHandshakeException) refused.getCause())
                    .getResponse()
                    .statusCode());
        }
    }

    /** The member beside {@code id} of the answer, or the problem. */
    private String answer(Who who, String frame) throws Exception {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        WebSocket socket = open(who, answers);
        try {
            socket.sendText("{\"id\":1," + frame.substring(1), true).join();
            while (true) {
                String text = answers.poll(20, TimeUnit.SECONDS);
                assertThat(text).as("an answer to " + frame).isNotNull();
                JsonNode answer = new ObjectMapper().readTree(text);
                if (answer.has("id")) {
                    return answer.has("error")
                            ? slug(answer.path("error"))
                            : answer.fieldNames().next().equals("id")
                                    ? secondName(answer)
                                    : answer.fieldNames().next();
                }
            }
        } finally {
            socket.abort();
        }
    }

    private static String secondName(JsonNode answer) {
        var names = answer.fieldNames();
        names.next();
        return names.next();
    }

    private WebSocket open(Who who, BlockingQueue<String> heard) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (who != Who.NONE) {
            builder.header("Authorization", "Bearer " + who.token());
        }
        return builder.buildAsync(
                        URI.create(gateway.resolve("ws").toString().replaceFirst("http", "ws")),
                        new WebSocket.Listener() {
                            private final StringBuilder message = new StringBuilder();

                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
                                message.append(text);
                                if (isLast) {
                                    heard.add(message.toString());
                                    message.setLength(0);
                                }
                                from.request(1);
                                return null;
                            }
                        })
                .join();
    }
}
