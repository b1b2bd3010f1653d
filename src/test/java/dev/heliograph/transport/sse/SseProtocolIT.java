package dev.heliograph.transport.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.RedisServer;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an event stream looks like on the wire. Each test has channels of its own. */
@Timeout(60)
class SseProtocolIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static GatewayProcess gateway;
    private static GatewayHttp backend;

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start("heliograph.session.heartbeat-interval=1s");
        backend = new GatewayHttp(gateway.httpUri());
    }

    @AfterAll
    static void endGateway() {
        gateway.close();
    }

    @Test
    void headAndSyncComeAtOnceThenEvents() throws IOException {
        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get("/api/realtime/sse?channel=orders-head", Map.of())) {
            var stream = new EventStream(answer.body());
            EventStream.Event sync = stream.next();
            String cursor = backend.publish("orders-head", "order.updated", "{\"n\":1.50}");
            EventStream.Event event = stream.next();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-cache, no-store, no-transform");
            assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(stream.retryMillis()).isBetween(1000L, 5000L);
            assertThat(sync.type()).isEqualTo("sync");
            assertThat(json(sync).path("recovered").booleanValue()).isTrue();
            assertThat(json(sync).path("cursor").textValue()).isEqualTo(sync.lastEventId());
            assertThat(event.type()).isEqualTo("message");
            assertThat(event.lastEventId()).isEqualTo(cursor);
            assertThat(event.data()).contains("\"data\":{\"n\":1.50}");
        }
    }

    @Test
    void lastEventIdWinsOverTheCursor() throws IOException {
        String first = backend.publish("orders-wins", "order.updated", "{}");
        String second = backend.publish("orders-wins", "order.updated", "{}");
        backend.publish("orders-wins", "order.updated", "{\"n\":3}");

        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get(
                        "/api/realtime/sse?channel=orders-wins&cursor=" + first, Map.of("Last-Event-ID", second))) {
            var stream = new EventStream(answer.body());

            assertThat(json(stream.next()).path("cursor").textValue()).isEqualTo(second);
            assertThat(json(stream.next()).at("/data/n").intValue()).isEqualTo(3);
        }
    }

    @Test
    void theIdOfSeveralChannelsIsAllTheirCursors() throws IOException {
        String order = backend.publish("orders-vector", "order.updated", "{}");
        String driver = backend.publish("drivers-vector", "driver.online", "{}");
        String path = "/api/realtime/sse?channel=orders-vector&channel=drivers-vector";

        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get(path, Map.of("Last-Event-ID", order + "." + driver))) {
            var stream = new EventStream(answer.body());
            stream.next();
            assertThat(stream.next().lastEventId()).isEqualTo(order + "." + driver);

            String nextDriver = backend.publish("drivers-vector", "driver.offline", "{}");
            assertThat(stream.next().lastEventId()).isEqualTo(order + "." + nextDriver);
            String nextOrder = backend.publish("orders-vector", "order.updated", "{}");
            assertThat(stream.next().lastEventId()).isEqualTo(nextOrder + "." + nextDriver);
        }
    }

    @Test
    void aChannelWithoutACursorBeginsNow() throws IOException {
        String order = backend.publish("orders-partly", "order.updated", "{}");
        backend.publish("orders-partly", "order.updated", "{\"n\":2}");
        String driver = backend.publish("drivers-partly", "driver.online", "{}");

        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get(
                        "/api/realtime/sse?channel=orders-partly&channel=drivers-partly&cursor=" + order + ".",
                        Map.of())) {
            var stream = new EventStream(answer.body());
            EventStream.Event last;
            do {
                last = stream.next();
            } while (!last.lastEventId().endsWith(driver) || !last.lastEventId().contains("-2."));

            assertThat(last.data()).doesNotContain("driver.online");
        }
    }

    @Test
    void aSilentStreamGetsComments() throws IOException {
        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get("/api/realtime/sse?channel=orders-silent", Map.of())) {
            var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
            int comments = 0;

            while (comments < 2) {
                comments += lines.readLine().equals(":") ? 1 : 0;
            }
        }
    }

    /** So that a client which wants none of many events need not read them again when it comes back. */
    @Test
    void aCommentCarriesTheCursorPastWhatIsFilteredOut() throws IOException {
        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get("/api/realtime/sse?channel=orders-past&event=order.created", Map.of())) {
            var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
            awaitLine(lines, "event: sync");
            String last = backend.publish("orders-past", "order.updated", "{}");

            awaitLine(lines, "id: " + last);

            assertThat(lines.readLine()).isEmpty();
        }
    }

    @Test
    void aCommentCarriesTheCursorsOfAllChannels() throws IOException {
        String path = "/api/realtime/sse?channel=orders-all&channel=drivers-all&event=order.created";
        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get(path, Map.of())) {
            var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
            awaitLine(lines, "event: sync");
            awaitLine(lines, "event: sync");
            String driver = backend.publish("drivers-all", "driver.online", "{}");
            String order = backend.publish("orders-all", "order.updated", "{}");

            awaitLine(lines, "id: " + order + "." + driver);

            String created = backend.publish("orders-all", "order.created", "{}");
            awaitLine(lines, "id: " + created + "." + driver);
        }
    }

    private static void awaitLine(BufferedReader lines, String wanted) throws IOException {
        String line = lines.readLine();
        while (!line.equals(wanted)) {
            line = lines.readLine();
        }
    }

    @Test
    void http2GetsTheSameStream() throws Exception {
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        var request = HttpRequest.newBuilder(URI.create(gateway.httpUri() + "/api/realtime/sse?channel=orders-h2"));

        HttpResponse<java.io.InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
        try (var body = answer.body()) {
            var stream = new EventStream(body);
            stream.next();
            for (int n = 1; n <= 500; n++) {
                backend.publish("orders-h2", "order.updated", "{\"n\":" + n + ",\"pad\":\"" + "x".repeat(2000) + "\"}");
            }

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            for (int n = 1; n <= 500; n++) {
                assertThat(json(stream.next()).at("/data/n").intValue()).isEqualTo(n);
            }
        }
    }

    @Test
    void http10GetsTheSameStreamWithoutChunks() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream()
                    .write("GET /api/realtime/sse?channel=orders-h10 HTTP/1.0\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
                assertThat(line).doesNotContainIgnoringCase("transfer-encoding");
            }
            assertThat(lines.readLine()).startsWith("retry: ");
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("event: sync");
            assertThat(lines.readLine()).startsWith("id: ");
            assertThat(lines.readLine()).startsWith("data: ");
            assertThat(lines.readLine()).isEmpty();

            String cursor = backend.publish("orders-h10", "order.updated", "{}");

            assertThat(lines.readLine()).isEqualTo("id: " + cursor);
        }
    }

    @Test
    void aClientThatClosesItsHalfIsLetGo() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            await().atMost(LIMIT).until(() -> backend.metric("heliograph_hub_subscriptions") == 0);
            socket.getOutputStream()
                    .write("GET /api/realtime/sse?channel=orders-half HTTP/1.1\r\nHost: a\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            await().atMost(LIMIT).until(() -> backend.metric("heliograph_hub_subscriptions") == 1);

            socket.shutdownOutput();

            while (socket.getInputStream().read() >= 0) {
                // What had been sent before.
            }
            await().atMost(LIMIT).until(() -> backend.metric("heliograph_hub_subscriptions") == 0);
        }
    }

    @Test
    void aStoppingNodeSaysWhyAndEndsTheStream() throws IOException {
        try (var stopping = GatewayProcess.start();
                var connection = HttpConnection.open(stopping.port());
                var answer = connection.get("/api/realtime/sse?channel=orders-stop", Map.of())) {
            var stream = new EventStream(answer.body());
            stream.next();

            stopping.stop();

            EventStream.Event closing = stream.next();
            assertThat(closing.type()).isEqualTo("closing");
            assertThat(json(closing).path("code").intValue()).isEqualTo(4000);
            assertThat(json(closing).path("reconnect").textValue()).isEqualTo("retry");
            assertThat(stream.retryMillis()).isLessThan(1000);
            assertThatThrownBy(stream::next).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aLogThatCannotBeReachedEndsTheStreamInsteadOfRefusingIt() throws IOException {
        try (var redis = RedisServer.startProcess(false);
                var network = new FaultProxy(redis.host(), redis.port());
                var alone =
                        GatewayProcess.start("quarkus.redis.hosts=redis://" + network.host() + ":" + network.port())) {
            network.cut();

            try (var connection = HttpConnection.open(alone.port());
                    var answer = connection.get("/api/realtime/sse?channel=orders-alone", Map.of())) {
                var stream = new EventStream(answer.body());
                EventStream.Event problem = stream.next();
                EventStream.Event closing = stream.next();

                assertThat(answer.status()).isEqualTo(200);
                assertThat(problem.type()).isEqualTo("problem");
                assertThat(json(problem).path("retryable").booleanValue()).isTrue();
                assertThat(closing.type()).isEqualTo("closing");
                assertThat(json(closing).path("code").intValue()).isEqualTo(4103);
                assertThat(stream.retryMillis()).isBetween(5000L, 15_000L);
            }
        }
    }

    private static JsonNode json(EventStream.Event event) throws IOException {
        return JSON.readTree(event.data());
    }
}
