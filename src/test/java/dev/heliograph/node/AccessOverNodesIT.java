package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.Keys;
import dev.heliograph.fixture.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Revocations, tickets and limits on two gateways on one Redis. */
class AccessOverNodesIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int ROUNDS = 3;
    private static final int MAX_CONNECTIONS = 10;
    private static final String DOCUMENT = "/api/realtime/documents/orders-1";
    private static final String REVOCATIONS = "/api/realtime/revocations";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static RedisServer redis;
    private static FaultProxy redisOfB;
    private static GatewayProcess nodeA;
    private static GatewayProcess nodeB;

    @BeforeAll
    static void startNodes() {
        redis = RedisServer.startProcess(false);
        redisOfB = new FaultProxy(redis.host(), redis.port());
        nodeA = startNode(redis.host(), redis.port());
        nodeB = startNode(redisOfB.host(), redisOfB.port());
    }

    private static GatewayProcess startNode(String redisHost, int redisPort) {
        return GatewayProcess.start(Stream.concat(
                        Stream.of(
                                "-Xmx256m",
                                "quarkus.redis.hosts=redis://" + redisHost + ":" + redisPort,
                                "heliograph.access.limits.max-connections-per-subject=" + MAX_CONNECTIONS,
                                "heliograph.access.limits.count-all-nodes=true"),
                        Jwts.config().entrySet().stream().map(each -> each.getKey() + '=' + each.getValue()))
                .toArray(String[]::new));
    }

    @AfterAll
    static void endNodes() {
        nodeA.close();
        nodeB.close();
        redisOfB.close();
        redis.close();
    }

    /** What a client shows, and by what that is revoked. */
    private record Shown(String kind, String name, String credential) {
        static final Shown KEY = new Shown("key", "orders", Keys.ORDERS);
        static final Shown SUBJECT =
                new Shown("subject", "alice", Jwts.token("alice", Duration.ofHours(1), Jwts.ORDERS));
        static final Shown TOKEN = new Shown(
                "tokenId",
                "t-1",
                Jwts.signed("{\"sub\":\"bob\",\"jti\":\"t-1\",\"exp\":"
                        + Instant.now().plusSeconds(3600).getEpochSecond() + ",\"heliograph\":" + Jwts.ORDERS + "}"));
    }

    private static Stream<Shown> shown() {
        return Stream.of(Shown.KEY, Shown.SUBJECT, Shown.TOKEN);
    }

    /** The time is that from before the request of the admin to the end of the last of all clients. */
    @ParameterizedTest
    @MethodSource("shown")
    void endsEveryClientOnAllNodesWithinASecond(Shown shown) throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            await().atMost(LIMIT).until(() -> status(nodeA, shown) == 404 && status(nodeB, shown) == 404);
            List<CompletableFuture<String>> ends = new ArrayList<>();
            for (GatewayProcess node : List.of(nodeA, nodeB)) {
                ends.add(endOfWebSocket(node, shown));
                ends.add(endOfStream(node, shown));
                ends.add(endOfPoll(node, shown));
            }
            long start = System.nanoTime();

            revoke(nodeA, shown);
            CompletableFuture<Void> refused = CompletableFuture.runAsync(() ->
                    await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> status(nodeB, shown) == 401));

            assertThat(status(nodeA, shown)).isEqualTo(401);
            for (CompletableFuture<String> end : ends) {
                assertThat(end.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isIn("4202", "token-revoked");
            }
            refused.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            lift(nodeB, shown);
        }
        System.out.printf("Revoked by %s on two nodes, all clients gone after %s ms%n", shown.kind, millis);
        assertThat(millis.stream().sorted().toList().get(ROUNDS / 2)).isLessThan(1000);
    }

    /** One of its tokens is no longer good, and others are. */
    @Test
    void otherTokensOfTheSubjectStayGood() throws Exception {
        var other = new Shown("", "", Jwts.token("bob", Duration.ofHours(1), Jwts.ORDERS));
        revoke(nodeA, Shown.TOKEN);

        assertThat(status(nodeA, Shown.TOKEN)).isEqualTo(401);
        assertThat(status(nodeA, other)).isEqualTo(404);
        lift(nodeA, Shown.TOKEN);
    }

    @Test
    void staysInForceWhenBothNodesStartAgain() throws Exception {
        revoke(nodeA, Shown.KEY);

        nodeA.kill();
        nodeB.kill();
        nodeA.startAgain();
        nodeB.startAgain();

        for (GatewayProcess node : List.of(nodeA, nodeB)) {
            // Until the node has read what was revoked it lets nobody in.
            await().atMost(LIMIT).until(() -> {
                int status = status(node, Shown.KEY);
                assertThat(status).isIn(401, 503);
                return status == 401;
            });
            assertThat(send(node, "GET", REVOCATIONS, Keys.ADMIN, "").body()).contains("\"key\":\"orders\"");
        }
        lift(nodeA, Shown.KEY);
        await().atMost(LIMIT).until(() -> status(nodeB, Shown.KEY) == 404);
    }

    @Test
    void nodeThatWasCutOffFindsWhatItMissed() throws Exception {
        await().atMost(LIMIT).until(() -> status(nodeB, Shown.KEY) == 404);
        CompletableFuture<String> end = endOfWebSocket(nodeB, Shown.KEY);
        redisOfB.cut();
        await().atMost(LIMIT)
                .until(() -> send(nodeB, "GET", "/q/health/ready", null, "").statusCode() == 503);

        revoke(nodeA, Shown.KEY);
        assertThat(end).isNotDone();
        redisOfB.heal();

        assertThat(end.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("4202");
        assertThat(status(nodeB, Shown.KEY)).isEqualTo(401);
        lift(nodeA, Shown.KEY);
        await().atMost(LIMIT).until(() -> status(nodeB, Shown.KEY) == 404);
    }

    @Test
    void ticketOfOneNodeIsSpentOnTheOther() throws Exception {
        await().atMost(LIMIT).until(() -> status(nodeA, Shown.KEY) == 404);
        String ticket = send(nodeA, "POST", "/api/realtime/tickets", Keys.ORDERS, "")
                .body()
                .replaceAll(".*\"ticket\":\"([^\"]+)\".*", "$1");
        URI stream = URI.create("/api/realtime/sse?channel=orders-1&ticket=" + ticket);

        try (InputStream open = nodeB.httpUri().resolve(stream).toURL().openStream()) {
            assertThat(new EventStream(open).next().type()).isEqualTo("sync");
        }

        for (GatewayProcess node : List.of(nodeA, nodeB)) {
            HttpResponse<String> replay = send(node, "GET", stream.toString(), null, "");
            assertThat(replay.statusCode()).isEqualTo(401);
            assertThat(replay.body()).contains("invalid-token");
            assertThat(node.output()).doesNotContain(ticket);
        }
    }

    @Test
    void countsConnectionsOfSubjectToOtherNode() throws Exception {
        String carol = Jwts.token("carol", Duration.ofHours(1), Jwts.ORDERS);
        List<HttpResponse<InputStream>> streams = new ArrayList<>();
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            streams.add(stream(nodeA, carol));
        }

        await().atMost(LIMIT).until(() -> {
            HttpResponse<InputStream> other = stream(nodeB, carol);
            String body = other.statusCode() == 429 ? new String(other.body().readAllBytes()) : "";
            other.body().close();
            return body.contains("too-many-connections");
        });

        for (HttpResponse<InputStream> stream : streams) {
            stream.body().close();
        }
        await().atMost(LIMIT).until(() -> {
            HttpResponse<InputStream> other = stream(nodeB, carol);
            other.body().close();
            return other.statusCode() == 200;
        });
    }

    private static HttpResponse<InputStream> stream(GatewayProcess node, String credential) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(node.httpUri().resolve("/api/realtime/sse?channel=orders-1"))
                        .header("Authorization", Keys.bearer(credential))
                        .build(),
                BodyHandlers.ofInputStream());
    }

    private static void revoke(GatewayProcess node, Shown shown) throws Exception {
        String body = "{\"" + shown.kind + "\":\"" + shown.name + "\",\"until\":\""
                + Instant.now().plusSeconds(600) + "\"}";
        assertThat(send(node, "POST", REVOCATIONS, Keys.ADMIN, body).statusCode())
                .isEqualTo(204);
    }

    private static void lift(GatewayProcess node, Shown shown) throws Exception {
        assertThat(send(node, "DELETE", REVOCATIONS + '?' + shown.kind + '=' + shown.name, Keys.ADMIN, "")
                        .statusCode())
                .isEqualTo(204);
    }

    /** Of a request: 404, as there is no document, or 401. */
    private static int status(GatewayProcess node, Shown shown) throws Exception {
        return send(node, "GET", DOCUMENT, shown.credential, "").statusCode();
    }

    private static HttpResponse<String> send(GatewayProcess node, String method, String path, String key, String body)
            throws Exception {
        return HTTP.send(request(node, method, path, key, body), BodyHandlers.ofString());
    }

    private static HttpRequest request(GatewayProcess node, String method, String path, String key, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.httpUri().resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        return (key == null ? request : request.header("Authorization", Keys.bearer(key))).build();
    }

    /** Of a connection that is open; completes with its close code. */
    private static CompletableFuture<String> endOfWebSocket(GatewayProcess node, Shown shown) {
        var end = new CompletableFuture<String>();
        HTTP.newWebSocketBuilder()
                .header("Authorization", Keys.bearer(shown.credential))
                .buildAsync(URI.create("ws://127.0.0.1:" + node.port() + "/api/realtime/ws"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        end.complete(Integer.toString(code));
                        return null;
                    }
                })
                .join();
        return end;
    }

    /** Of a stream that is open; completes with the code of its last event. */
    private static CompletableFuture<String> endOfStream(GatewayProcess node, Shown shown) throws Exception {
        var events = new EventStream(stream(node, shown.credential).body());
        assertThat(events.next().type()).isEqualTo("sync");
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        EventStream.Event last = events.next();
                        return last.type() + last.data().replaceAll(".*\"code\":(\\d+).*", "$1");
                    } catch (IOException broken) {
                        return broken.toString();
                    }
                })
                .thenApply(closing -> closing.replace("closing", ""));
    }

    /** Of a poll that waits; completes with its problem. */
    private static CompletableFuture<String> endOfPoll(GatewayProcess node, Shown shown) throws Exception {
        String cursor = send(node, "GET", "/api/realtime/poll?channel=orders-1", shown.credential, "")
                .body()
                .replaceAll(".*\"cursor\":\"([^\"]+)\".*", "$1");
        return HTTP.sendAsync(
                        request(
                                node,
                                "GET",
                                "/api/realtime/poll?channel=orders-1&wait=50&cursor=" + cursor,
                                shown.credential,
                                ""),
                        BodyHandlers.ofString())
                .thenApply(answer -> answer.body().replaceAll(".*problem:([a-z-]+)\".*", "$1"));
    }
}
