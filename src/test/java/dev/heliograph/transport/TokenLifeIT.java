package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.Keys;
import dev.heliograph.fixture.WsClient;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens that end in the middle of a stream of events, renewed and not, on all transports. */
class TokenLifeIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FLOWING = "orders-flow";
    private static final String LISTEN = "{\"subscribe\":[\"orders\"],\"read\":[\"orders\"]}";
    private static final Duration SHORT = Duration.ofSeconds(4);
    private static final Duration LONG = Duration.ofMinutes(10);
    /** What an event loop may be behind its timers on a busy machine. */
    private static final Duration LATE = Duration.ofMillis(300);

    private static final AtomicBoolean isOver = new AtomicBoolean();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static GatewayProcess gateway;
    private static CompletableFuture<Void> publisher;

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start(Stream.concat(
                        Jwts.config().entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()),
                        Stream.of(
                                GatewayProcess.NO_PUBLISH_LIMIT,
                                GatewayProcess.NO_POLL_LIMIT,
                                "heliograph.access.jwt.leeway=0s",
                                "heliograph.session.authentication-timeout=2s",
                                "heliograph.namespaces.orders.history-size=5000",
                                "heliograph.namespaces.customers.public=subscribe"))
                .toArray(String[]::new));
        publisher = CompletableFuture.runAsync(TokenLifeIT::publishOn);
    }

    @AfterAll
    static void endGateway() {
        isOver.set(true);
        try {
            publisher.join();
        } finally {
            gateway.close();
        }
    }

    /** One event after another for as long as the tests run. */
    private static void publishOn() {
        try {
            for (int n = 0; !isOver.get(); n++) {
                publish(FLOWING, n);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            // Those who wait for its next event would wait long.
            if (!isOver.get()) {
                gateway.close();
            }
        }
    }

    private static void publish(String channel, int n) throws IOException, InterruptedException {
        String event = "{\"channel\":\"" + channel + "\",\"type\":\"order.updated\",\"data\":{\"n\":" + n + "}}";
        assertThat(send("POST", "publish", event, Keys.ORDERS).statusCode()).isEqualTo(201);
    }

    private static HttpResponse<String> send(String method, String path, String body, String token)
            throws IOException, InterruptedException {
        URI address = gateway.httpUri().resolve("/api/realtime/" + path);
        var request = HttpRequest.newBuilder(address)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(20));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    /** The events that a client was sent: each is the next, and none was published after its token's end. */
    private static final class Flow {
        private final List<Integer> numbers = new ArrayList<>();
        private Instant last = Instant.MIN;

        void take(JsonNode event) {
            int n = event.at("/data/n").intValue();
            if (!numbers.isEmpty()) {
                assertThat(n).isEqualTo(numbers.get(numbers.size() - 1) + 1);
            }
            numbers.add(n);
            last = Instant.parse(event.path("time").textValue());
        }

        void assertEndedWith(Instant token) {
            assertThat(numbers).hasSizeGreaterThan(10);
            assertThat(last).isBetween(token.minusSeconds(2), token.plus(LATE));
        }

        boolean isBeyond(Instant token) {
            return last.isAfter(token.plusSeconds(1));
        }
    }

    @Test
    void webSocketEndsWithItsToken() throws IOException {
        String token = Jwts.token("alice", SHORT, LISTEN);
        Instant end = endOf(token);
        var flow = new Flow();
        try (WsClient client = WsClient.connect(gateway.port())) {
            authenticate(client, token);
            client.send("{\"id\":2,\"subscribe\":{\"channel\":\"" + FLOWING + "\"}}");
            JsonNode frame = client.next();
            int notices = 0;
            for (; !frame.has("closing"); frame = client.next()) {
                notices += frame.has("token-expiring") ? 1 : 0;
                if (frame.has("event")) {
                    flow.take(frame.path("event"));
                }
            }

            assertThat(frame.at("/closing/code").intValue()).isEqualTo(4200);
            assertThat(frame.at("/closing/reconnect").textValue()).isEqualTo("never");
            assertThat(notices).isEqualTo(1);
            assertThat(client.closeCode()).isEqualTo(4200);
        }
        flow.assertEndedWith(end);
    }

    @Test
    void renewedWebSocketMissesNothing() throws IOException {
        String token = Jwts.token("alice", SHORT, LISTEN);
        Instant end = endOf(token);
        var flow = new Flow();
        try (WsClient client = WsClient.connect(gateway.port())) {
            authenticate(client, token);
            client.send("{\"id\":2,\"subscribe\":{\"channel\":\"" + FLOWING + "\"}}");
            boolean isRenewed = false;
            while (!flow.isBeyond(end)) {
                JsonNode frame = client.next();
                if (frame.has("event")) {
                    flow.take(frame.path("event"));
                } else if (frame.has("token-expiring")) {
                    assertThat(frame.at("/token-expiring/expires").textValue()).isEqualTo(end.toString());
                    client.send("{\"id\":3,\"refresh\":{\"token\":\"" + Jwts.token("alice", LONG, LISTEN) + "\"}}");
                } else if (frame.has("refreshed")) {
                    isRenewed = Instant.parse(frame.at("/refreshed/expires").textValue())
                            .isAfter(end);
                }
            }

            assertThat(isRenewed).isTrue();
        }
    }

    @Test
    void eventStreamEndsWithItsToken() throws IOException {
        String token = Jwts.token("alice", SHORT, LISTEN);
        var flow = new Flow();
        var types = new ArrayList<String>();
        try (HttpConnection connection = HttpConnection.open(gateway.port());
                HttpConnection.Answer answer = listen(connection, FLOWING, token)) {
            var stream = new EventStream(answer.body());
            EventStream.Event event = stream.next();
            for (; !event.type().equals("closing"); event = stream.next()) {
                if (event.type().equals("message")) {
                    flow.take(JSON.readTree(event.data()));
                } else {
                    types.add(event.type());
                }
            }

            assertThat(JSON.readTree(event.data()).path("code").intValue()).isEqualTo(4200);
            assertThat(isAtItsEnd(stream)).isTrue();
        }
        assertThat(types).containsExactlyInAnyOrder("sync", "token-expiring");
        flow.assertEndedWith(endOf(token));
    }

    @Test
    void renewedEventStreamMissesNothing() throws IOException, InterruptedException {
        String token = Jwts.token("alice", SHORT, LISTEN);
        Instant end = endOf(token);
        var flow = new Flow();
        try (HttpConnection connection = HttpConnection.open(gateway.port());
                HttpConnection.Answer answer = listen(connection, FLOWING, token)) {
            var stream = new EventStream(answer.body());
            while (!flow.isBeyond(end)) {
                EventStream.Event event = stream.next();
                if (event.type().equals("message")) {
                    flow.take(JSON.readTree(event.data()));
                } else if (event.type().equals("sync")) {
                    String id = JSON.readTree(event.data()).path("session").textValue();
                    assertThat(refresh(id, Jwts.token("alice", LONG, LISTEN)).statusCode())
                            .isEqualTo(204);
                }
            }
        }
    }

    @Test
    void pollIsToldOfItsTokensEndAndGoesOnWithAnother() throws IOException, InterruptedException {
        String token = Jwts.token("alice", SHORT, LISTEN);
        Instant end = endOf(token);
        var flow = new Flow();
        String cursor = JSON.readTree(
                        send("GET", "poll?channel=" + FLOWING, null, token).body())
                .path("cursor")
                .textValue();
        boolean isRenewed = false;
        while (!flow.isBeyond(end)) {
            HttpResponse<String> answer =
                    send("GET", "poll?channel=" + FLOWING + "&wait=20&cursor=" + cursor, null, token);
            if (answer.statusCode() == 401) {
                assertThat(answer.body()).contains("token-expired");
                flow.assertEndedWith(end);
                token = Jwts.token("alice", LONG, LISTEN);
                isRenewed = true;
                continue;
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode body = JSON.readTree(answer.body());
            assertThat(body.path("tokenExpires").textValue()).isEqualTo(isRenewed ? null : end.toString());
            body.path("events").forEach(flow::take);
            cursor = body.path("cursor").textValue();
        }

        assertThat(isRenewed).isTrue();
    }

    @Test
    void pollThatWaitsEndsWithItsToken() throws IOException, InterruptedException {
        publish("orders-quiet", 1);
        String token = Jwts.token("alice", SHORT, LISTEN);
        String cursor = JSON.readTree(
                        send("GET", "poll?channel=orders-quiet", null, token).body())
                .path("cursor")
                .textValue();
        String poll = "poll?channel=orders-quiet&cursor=" + cursor;

        JsonNode nothingNew = JSON.readTree(send("GET", poll, null, token).body());
        HttpResponse<String> ended = send("GET", poll + "&wait=20", null, token);

        assertThat(nothingNew.path("hasUpdate").booleanValue()).isFalse();
        assertThat(nothingNew.path("tokenExpires").textValue())
                .isEqualTo(endOf(token).toString());
        assertThat(ended.statusCode()).isEqualTo(401);
        assertThat(ended.body()).contains("token-expired");
        assertThat(Instant.now()).isBefore(endOf(token).plusSeconds(5));
        assertThat(send("GET", poll, null, Jwts.token("alice", LONG, LISTEN)).statusCode())
                .isEqualTo(304);
    }

    @Test
    void webSocketKeepsOnlyWhatItsNewerTokenGrants() throws IOException, InterruptedException {
        try (WsClient client = WsClient.connect(gateway.port())) {
            authenticate(client, Jwts.token("alice", LONG, LISTEN));
            client.subscribe("orders-kept");
            client.next();
            client.subscribe("orders-lost");
            client.next();

            client.send("{\"id\":3,\"refresh\":{\"token\":\""
                    + Jwts.token("alice", LONG, "{\"subscribe\":[\"orders-kept\"]}") + "\"}}");
            JsonNode word = client.next();
            JsonNode answer = client.next();
            publish("orders-lost", 1);
            publish("orders-kept", 2);

            assertThat(word.at("/unsubscribed/channel").textValue()).isEqualTo("orders-lost");
            assertThat(word.at("/unsubscribed/error/type").textValue()).endsWith(":forbidden");
            assertThat(answer.has("refreshed")).isTrue();
            assertThat(client.next().at("/event/data/n").intValue()).isEqualTo(2);
            assertThat(client.subscribe("orders-lost").at("/error/type").textValue())
                    .endsWith(":forbidden");
        }
    }

    @Test
    void webSocketKeepsItsTokenIfNewerOneIsOfAnotherSubject() throws IOException {
        try (WsClient client = WsClient.connect(gateway.port())) {
            authenticate(client, Jwts.token("alice", LONG, LISTEN));

            for (String wrong : List.of(Jwts.token("bob", LONG, LISTEN), "garbage")) {
                assertThat(client.request("refresh", "{\"token\":\"" + wrong + "\"}")
                                .at("/error/type")
                                .textValue())
                        .endsWith(":invalid-token");
            }
            assertThat(client.subscribe("orders-still").has("subscribed")).isTrue();
        }
    }

    @Test
    void eventStreamEndsChannelByChannelWithItsGrants() throws IOException, InterruptedException {
        try (HttpConnection connection = HttpConnection.open(gateway.port());
                HttpConnection.Answer answer =
                        listen(connection, "orders-a&channel=orders-b", Jwts.token("alice", LONG, LISTEN))) {
            var stream = new EventStream(answer.body());
            var syncs = List.of(
                    JSON.readTree(stream.next().data()),
                    JSON.readTree(stream.next().data()));
            String id = syncs.get(0).path("session").textValue();

            assertThat(id).matches("[A-Za-z0-9_-]{22}");
            assertThat(syncs.get(1).has("session")).isFalse();
            assertThat(refresh(id, Jwts.token("alice", LONG, "{\"subscribe\":[\"orders-b\"]}"))
                            .statusCode())
                    .isEqualTo(204);
            EventStream.Event word = stream.next();
            assertThat(word.type()).isEqualTo("unsubscribed");
            assertThat(JSON.readTree(word.data()).path("channel").textValue()).isEqualTo("orders-a");
            publish("orders-b", 7);
            assertThat(JSON.readTree(stream.next().data()).at("/data/n").intValue())
                    .isEqualTo(7);

            assertThat(refresh(id, Jwts.token("alice", LONG, "{}")).statusCode())
                    .isEqualTo(204);
            assertThat(stream.next().type()).isEqualTo("unsubscribed");
            assertThat(JSON.readTree(stream.next().data()).path("code").intValue())
                    .isEqualTo(4203);
            assertThat(isAtItsEnd(stream)).isTrue();
            assertThat(refresh(id, Jwts.token("alice", LONG, LISTEN)).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void refreshTellsNobodyElseWhetherThereIsAStream() throws IOException, InterruptedException {
        try (HttpConnection connection = HttpConnection.open(gateway.port());
                HttpConnection.Answer answer = listen(connection, "orders-x", Jwts.token("alice", LONG, LISTEN))) {
            var stream = new EventStream(answer.body());
            String id = JSON.readTree(stream.next().data()).path("session").textValue();
            String bob = Jwts.token("bob", LONG, LISTEN);

            HttpResponse<String> ofAnother = refresh(id, bob);
            HttpResponse<String> ofNone = refresh("A".repeat(22), bob);

            assertThat(ofAnother.statusCode()).isEqualTo(404);
            assertThat(ofAnother.body()).contains("unknown-session").isEqualTo(ofNone.body());
            assertThat(refresh(id, null).statusCode()).isEqualTo(401);
            assertThat(refresh(id, "garbage").statusCode()).isEqualTo(401);
            assertThat(refresh(id, Jwts.token("alice", LONG, LISTEN)).statusCode())
                    .isEqualTo(204);
        }
    }

    @Test
    void streamOfKeyThatDoesNotEndHasNoSession() throws IOException {
        try (HttpConnection connection = HttpConnection.open(gateway.port());
                HttpConnection.Answer answer = listen(connection, "orders-k", Keys.ORDERS)) {
            assertThat(new EventStream(answer.body()).next().data()).doesNotContain("session");
        }
    }

    @Test
    void requestsBehindAuthenticateAreReadAsOfTheOneWhoCame() throws IOException {
        try (WsClient client = WsClient.connect(gateway.port())) {
            client.send("{\"id\":1,\"subscribe\":{\"channel\":\"orders-q\"}}");
            client.send("{\"id\":2,\"authenticate\":{\"token\":\"" + Jwts.token("carol", LONG, LISTEN) + "\"}}");
            client.send("{\"id\":3,\"subscribe\":{\"channel\":\"orders-q\"}}");
            client.send("{\"id\":4,\"authenticate\":{\"token\":\"" + Keys.ORDERS + "\"}}");
            client.send("{\"id\":5,\"ping\":{}}");

            assertThat(client.next().at("/error/type").textValue()).endsWith(":unauthenticated");
            JsonNode authenticated = client.next();
            assertThat(authenticated.path("id").intValue()).isEqualTo(2);
            assertThat(authenticated.at("/authenticated/subject").textValue()).isEqualTo("carol");
            var ids = new ArrayList<Integer>();
            while (ids.size() < 3) {
                JsonNode frame = client.next();
                if (frame.has("id")) {
                    ids.add(frame.path("id").intValue());
                    assertThat(frame.has("error")).isEqualTo(frame.path("id").intValue() == 4);
                }
            }
            assertThat(ids).containsExactlyInAnyOrder(3, 4, 5);
        }
    }

    @Test
    void closesConnectionOfOneWhoDoesNotSayWhoItIs() throws IOException {
        try (WsClient silent = WsClient.connect(gateway.port());
                WsClient refused = WsClient.connect(gateway.port());
                WsClient listener = WsClient.connect(gateway.port());
                WsClient known = WsClient.connect(gateway.port())) {
            listener.subscribe("customers-1");
            listener.next();
            authenticate(known, Jwts.token("alice", LONG, LISTEN));
            refused.request("authenticate", "{\"token\":\"garbage\"}");

            assertThat(silent.next().at("/closing/code").intValue()).isEqualTo(4201);
            assertThat(silent.closeCode()).isEqualTo(4201);
            assertThat(refused.closeCode()).isEqualTo(4201);
            assertThat(listener.request("ping", "{}").has("pong")).isTrue();
            assertThat(known.request("ping", "{}").has("pong")).isTrue();
        }
    }

    private static void authenticate(WsClient client, String token) throws IOException {
        JsonNode answer = client.request("authenticate", "{\"token\":\"" + token + "\"}");
        assertThat(answer.at("/authenticated/subject").textValue()).isEqualTo("alice");
    }

    private static HttpConnection.Answer listen(HttpConnection connection, String channel, String token)
            throws IOException {
        HttpConnection.Answer answer =
                connection.get("/api/realtime/sse?channel=" + channel, Map.of("Authorization", "Bearer " + token));
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    private static HttpResponse<String> refresh(String id, String token) throws IOException, InterruptedException {
        return send("POST", "sessions/" + id + "/refresh", null, token);
    }

    private static boolean isAtItsEnd(EventStream stream) throws IOException {
        try {
            stream.next();
            return false;
        } catch (EOFException end) {
            return true;
        }
    }

    /** The claim {@code exp}. */
    private static Instant endOf(String token) throws IOException {
        byte[] claims = java.util.Base64.getUrlDecoder().decode(token.split("\\.")[1]);
        return Instant.ofEpochSecond(JSON.readTree(claims).path("exp").longValue());
    }
}
