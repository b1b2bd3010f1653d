package dev.heliograph.transport.sse;

import static dev.heliograph.transport.sse.Listening.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an event stream looks like on the wire. Each test has channels of its own. */
@Timeout(60)
class SseProtocolIT {
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
    void theHeadersComeAtOnceAndForbidBufferingAndCaching() throws IOException {
        try (var client = Listening.to(gateway, "channel=orders-head")) {
            HttpConnection.Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-cache, no-store, no-transform");
            assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
        }
    }

    @Test
    void sendsSyncWithRetryAndCursorAtOnce() throws IOException {
        try (var client = Listening.to(gateway, "channel=orders-sync")) {
            EventStream.Event sync = client.next();

            assertThat(client.stream().retryMillis()).isBetween(1000L, 5000L);
            assertThat(sync.type()).isEqualTo("sync");
            assertThat(json(sync).path("recovered").booleanValue()).isTrue();
            assertThat(json(sync).path("cursor").textValue()).isEqualTo(sync.lastEventId());
        }
    }

    /** Some readers take a block without data for an event. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "channel=orders-block",
                "channel=orders-block&document=true",
                "channel=orders-block&channel=drivers-block",
                "channel=orders-block&cursor=someotherlife-7"
            })
    void putsRetryIntoTheFirstBlockThatHasData(String query) throws IOException {
        try (var client = Listening.to(gateway, query)) {
            BufferedReader lines = client.lines();
            var block = new ArrayList<String>();
            for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
                block.add(line.substring(0, line.indexOf(':')));
            }

            assertThat(block).containsExactlyInAnyOrder("retry", "event", "id", "data");
        }
    }

    @Test
    void eventHasCursorAsIdAndPublishedData() throws IOException {
        try (var client = Listening.to(gateway, "channel=orders-event")) {
            client.next();
            String cursor = backend.publish("orders-event", "order.updated", "{\"n\":1.50}");

            EventStream.Event event = client.next();

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

        try (var client =
                Listening.to(gateway, "channel=orders-wins&cursor=" + first, Map.of("Last-Event-ID", second))) {
            assertThat(json(client.next()).path("cursor").textValue()).isEqualTo(second);
            assertThat(json(client.next()).at("/data/n").intValue()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lastEventId=%2$s,",
        "last_event_id=%2$s,",
        "cursor=%1$s&lastEventId=%2$s,",
        "cursor=%2$s&lastEventId=,",
        "last_event_id=%1$s, %2$s",
        "lastEventId=%2$s, ''",
    })
    void resumesFromLastEventIdInAddress(String query, String header) throws IOException {
        String channel = "orders-address-" + UUID.randomUUID();
        String first = backend.publish(channel, "order.updated", "{\"n\":1}");
        String second = backend.publish(channel, "order.updated", "{\"n\":2}");
        backend.publish(channel, "order.updated", "{\"n\":3}");
        Map<String, String> headers =
                header == null ? Map.of() : Map.of("Last-Event-ID", header.formatted(first, second));

        try (var client = Listening.to(gateway, "channel=" + channel + "&" + query.formatted(first, second), headers)) {
            assertThat(json(client.next()).path("cursor").textValue()).isEqualTo(second);
            assertThat(json(client.next()).at("/data/n").intValue()).isEqualTo(3);
        }
    }

    @Test
    void refusesLastEventIdInAddressThatIsNoCursor() throws IOException {
        String answer = backend.get("/api/realtime/sse?channel=orders-1&last_event_id=x");

        assertThat(answer).contains("invalid-cursor", "\"field\":\"last_event_id\"");
    }

    @Test
    void answersHeadWithHeadersOfGetAndOpensNoStream() throws IOException {
        String path = "/api/realtime/sse?channel=orders-asked";
        try (var connection = HttpConnection.open(gateway.port())) {
            for (int i = 0; i < 2; i++) {
                connection.send(("HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes());
                HttpConnection.Answer answer = connection.answer();

                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
                assertThat(answer.header("Cache-Control")).isEqualTo("no-cache, no-store, no-transform");
                assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
                assertThat(answer.headers()).doesNotContainKey("Content-Length");
            }
            connection.send(("HEAD " + path + "&x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes());
            assertThat(connection.answer().status()).isEqualTo(400);
        }
    }

    @Test
    void theIdOfSeveralChannelsIsAllTheirCursors() throws IOException {
        String order = backend.publish("orders-vector", "order.updated", "{}");
        String driver = backend.publish("drivers-vector", "driver.online", "{}");
        String query = "channel=orders-vector&channel=drivers-vector";

        try (var client = Listening.to(gateway, query, Map.of("Last-Event-ID", order + "." + driver))) {
            client.next();
            assertThat(client.next().lastEventId()).isEqualTo(order + "." + driver);

            String nextDriver = backend.publish("drivers-vector", "driver.offline", "{}");
            assertThat(client.next().lastEventId()).isEqualTo(order + "." + nextDriver);
            String nextOrder = backend.publish("orders-vector", "order.updated", "{}");
            assertThat(client.next().lastEventId()).isEqualTo(nextOrder + "." + nextDriver);
        }
    }

    @Test
    void aChannelWithoutACursorBeginsNow() throws IOException {
        String order = backend.publish("orders-partly", "order.updated", "{}");
        backend.publish("orders-partly", "order.updated", "{\"n\":2}");
        String driver = backend.publish("drivers-partly", "driver.online", "{}");

        try (var client = Listening.to(gateway, "channel=orders-partly&channel=drivers-partly&cursor=" + order + ".")) {
            EventStream.Event last;
            do {
                last = client.next();
            } while (!last.lastEventId().endsWith(driver) || !last.lastEventId().contains("-2."));

            assertThat(last.data()).doesNotContain("driver.online");
        }
    }

    @Test
    void aSilentStreamGetsComments() throws IOException {
        try (var client = Listening.to(gateway, "channel=orders-silent")) {
            BufferedReader lines = client.lines();
            int comments = 0;

            while (comments < 2) {
                comments += lines.readLine().equals(":") ? 1 : 0;
            }
        }
    }

    /** So that a client which wants none of many events need not read them again when it comes back. */
    @Test
    void aCommentCarriesTheCursorPastFilteredEvents() throws IOException {
        try (var client = Listening.to(gateway, "channel=orders-past&event=order.created")) {
            BufferedReader lines = client.lines();
            awaitLine(lines, "event: sync");
            String last = backend.publish("orders-past", "order.updated", "{}");

            awaitLine(lines, "id: " + last);

            assertThat(lines.readLine()).isEmpty();
        }
    }

    @Test
    void aCommentCarriesTheCursorsOfAllChannels() throws IOException {
        try (var client = Listening.to(gateway, "channel=orders-all&channel=drivers-all&event=order.created")) {
            BufferedReader lines = client.lines();
            awaitLine(lines, "event: sync");
            awaitLine(lines, "event: sync");
            String driver = backend.publish("drivers-all", "driver.online", "{}");
            String order = backend.publish("orders-all", "order.updated", "{}");

            awaitLine(lines, "id: " + order + "." + driver);

            String created = backend.publish("orders-all", "order.created", "{}");
            awaitLine(lines, "id: " + created + "." + driver);
        }
    }

    @Test
    void subscriberOfAllTypesGetsCommentsWithoutEmptyLine() throws IOException {
        try (var client = Listening.to(gateway, "channel=orders-every")) {
            BufferedReader lines = client.lines();
            awaitLine(lines, "event: sync");
            String cursor = backend.publish("orders-every", "order.updated", "{}");
            awaitLine(lines, "id: " + cursor);
            awaitLine(lines, "");

            assertThat(lines.readLine()).isEqualTo(":");
            assertThat(lines.readLine()).isEqualTo(":");
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

        HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
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
            // In one block: some readers take a block without data for an event.
            assertThat(lines.readLine()).startsWith("retry: ");
            assertThat(lines.readLine()).isEqualTo("event: sync");
            assertThat(lines.readLine()).startsWith("id: ");
            assertThat(lines.readLine()).startsWith("data: ");
            assertThat(lines.readLine()).isEmpty();

            String cursor = backend.publish("orders-h10", "order.updated", "{}");

            assertThat(lines.readLine()).isEqualTo("id: " + cursor);
        }
    }
}
