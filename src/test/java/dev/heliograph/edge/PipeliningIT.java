package dev.heliograph.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.RawHttp;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that are sent ahead of their answers: a few dozen are served in order, and nobody can heap them up. */
@Timeout(60)
class PipeliningIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** More answers of this size than the buffers of the kernel have room for. */
    private static final int READS = 90;

    private static final int DOCUMENT_BYTES = 200 * 1024;
    private static final int DOCUMENTS = 7;
    private static final int EVENTS = 70;
    private static final int EVENT_BYTES = 14 * 1024;

    private static GatewayProcess gateway;
    private static GatewayHttp other;

    @BeforeAll
    static void start() {
        gateway = GatewayProcess.start("-Xmx512m");
        other = new GatewayHttp(gateway.httpUri());
    }

    @AfterAll
    static void end() {
        gateway.close();
    }

    @Test
    void aFewDozenAreAnsweredInOrder() throws Exception {
        try (var client = HttpConnection.open(gateway.port())) {
            var requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append(put("orders-few-" + i, "{\"n\":" + i + "}"));
            }
            client.send(requests.toString().getBytes(UTF_8));
            for (int i = 0; i < 50; i++) {
                assertThat(read(client, 201).path("n").intValue()).isEqualTo(i);
            }

            requests.setLength(0);
            for (int i = 0; i < 50; i++) {
                requests.append(get("/api/realtime/documents/orders-few-" + i));
            }
            client.send(requests.toString().getBytes(UTF_8));
            for (int i = 0; i < 50; i++) {
                assertThat(read(client, 200).path("n").intValue()).isEqualTo(i);
            }
        }
    }

    @Test
    void documentsWaitForTheClient() throws Exception {
        try (var client = HttpConnection.open(gateway.port())) {
            for (int i = 0; i < DOCUMENTS; i++) {
                client.send(
                        put("orders-large-" + i, "{\"n\":" + i + ",\"text\":\"" + "x".repeat(DOCUMENT_BYTES) + "\"}")
                                .getBytes(UTF_8));
                read(client, 201);
            }
            var requests = new StringBuilder();
            for (int i = 0; i < READS; i++) {
                requests.append(get("/api/realtime/documents/orders-large-" + i % DOCUMENTS));
            }

            sendAndHoldBack(client, requests, "orders-after-documents");

            for (int i = 0; i < READS; i++) {
                JsonNode document = read(client, 200);
                assertThat(document.path("n").intValue()).isEqualTo(i % DOCUMENTS);
                assertThat(document.path("text").textValue()).hasSize(DOCUMENT_BYTES);
            }
            assertThat(read(client, 201).path("text").textValue()).hasSize(DOCUMENT_BYTES);
        }
    }

    @Test
    void rangesWaitForTheClient() throws Exception {
        String event =
                GatewayHttp.event("orders-range", "order.updated", "{\"text\":\"" + "x".repeat(EVENT_BYTES) + "\"}");
        other.publishAll(Collections.nCopies(EVENTS, event));
        try (var client = HttpConnection.open(gateway.port())) {
            var requests = new StringBuilder();
            for (int i = 0; i < READS; i++) {
                requests.append(get("/api/realtime/channels/orders-range/events?limit=" + (EVENTS - i % 5)));
            }

            sendAndHoldBack(client, requests, "orders-after-ranges");

            for (int i = 0; i < READS; i++) {
                assertThat(read(client, 200).path("events")).hasSize(EVENTS - i % 5);
            }
            read(client, 201);
        }
    }

    /** So many answers, each given in the call that gives the one before, would overflow the stack. */
    @Test
    void answersQueuedRequestAfterPoll() throws Exception {
        try (var client = HttpConnection.open(gateway.port())) {
            client.send(put("orders-behind", "{\"n\":1}").getBytes(UTF_8));
            read(client, 201);
            var requests = new StringBuilder(waitingPoll("orders-waiting"));
            for (int i = 1; i < UnansweredRequests.MAX; i++) {
                requests.append(get("/api/realtime/documents/orders-behind"));
            }
            client.send(requests.toString().getBytes(UTF_8));

            other.publish("orders-waiting", "order.updated", "{}");

            assertThat(read(client, 200).path("hasUpdate").booleanValue()).isTrue();
            for (int i = 1; i < UnansweredRequests.MAX; i++) {
                assertThat(read(client, 200).path("n").intValue()).isEqualTo(1);
            }
        }
    }

    @Test
    void closesConnectionWithTooManyRequestsBehindPoll() throws Exception {
        long before = other.metric("heliograph_node_hangups_total");
        String poll = waitingPoll("orders-flood");
        try (Socket socket = RawHttp.connect(gateway.port())) {
            flood(socket, poll + get("/api/realtime/documents/orders-flood").repeat(5000));

            assertThat(isClosedUnanswered(socket)).isTrue();
        }
        assertThat(other.metric("heliograph_node_hangups_total") - before).isEqualTo(1);
    }

    /** Without a Host they are refused before any filter, and need not wait. */
    @Test
    void closesConnectionWithTooManyUnreadRefusals() throws Exception {
        long before = other.metric("heliograph_node_hangups_total");
        try (Socket socket = RawHttp.connect(gateway.port())) {
            String withoutHost = "GET /api/realtime/documents/orders-1 HTTP/1.1\r\n\r\n".repeat(1000);

            await().atMost(LIMIT).until(() -> {
                flood(socket, withoutHost);
                return other.metric("heliograph_node_hangups_total") > before;
            });
        }
    }

    @Test
    void clientThatLeavesWhileRequestsWaitIsNoFailureOfTheGateway() throws Exception {
        try (var client = HttpConnection.open(gateway.port())) {
            client.send(put("orders-gone", "{\"text\":\"" + "x".repeat(DOCUMENT_BYTES) + "\"}")
                    .getBytes(UTF_8));
            read(client, 201);
            var requests =
                    new StringBuilder(get("/api/realtime/documents/orders-gone").repeat(READS));
            sendAndHoldBack(client, requests, "orders-after-gone");
        }

        await().during(Duration.ofSeconds(1)).atMost(LIMIT).until(() -> !gateway.output()
                .matches("(?s).*(ERROR|Exception).*"));
    }

    /** Health is answered by another thread, so that Vert.x begins the request behind it when its client has gone. */
    @Test
    void requestBehindLateAnswerIsNotActiveForEver() throws Exception {
        long before = other.metric("http_server_active_requests");
        for (int i = 0; i < 20; i++) {
            try (Socket socket = RawHttp.connect(gateway.port())) {
                flood(socket, get("/q/health") + get("/api/realtime/cache").repeat(3));
                socket.setSoLinger(true, 0);
            }
        }

        await().atMost(LIMIT).until(() -> other.metric("http_server_active_requests") <= before);
    }

    /** Vert.x has not begun the request whose body ends with the connection. */
    @Test
    void aStreamEndsThoughPartOfARequestIsBehindIt() throws Exception {
        String stream = get("/api/realtime/sse?channel=orders-part");
        try (Socket socket = RawHttp.connect(gateway.port())) {
            flood(socket, stream + put("orders-part", "{}  ").replaceFirst("..$", ""));
            await().atMost(LIMIT).until(() -> other.metric("heliograph_hub_subscriptions") == 1);
        }

        await().atMost(LIMIT).until(() -> other.metric("heliograph_hub_subscriptions") == 0);
        assertThat(other.get("/api/realtime/documents/orders-part")).contains("no-document");
        assertThat(gateway.output()).doesNotContain("Exception");
    }

    /** Sends requests, with one behind them that is seen to have been held back. */
    private static void sendAndHoldBack(HttpConnection client, StringBuilder requests, String marker)
            throws IOException {
        requests.append(put(marker, "{\"text\":\"" + "y".repeat(DOCUMENT_BYTES) + "\"}"));
        client.send(requests.toString().getBytes(UTF_8));

        await().during(Duration.ofSeconds(1)).atMost(LIMIT).until(() -> other.get("/api/realtime/documents/" + marker)
                .contains("no-document"));
    }

    private static String waitingPoll(String channel) throws IOException {
        String cursor = other.publish(channel, "order.created", "{}");
        return get("/api/realtime/poll?channel=" + channel + "&wait=50&cursor=" + cursor);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private static String put(String channel, String document) {
        return "PUT /api/realtime/documents/" + channel
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + document.length() + "\r\n\r\n" + document;
    }

    private static JsonNode read(HttpConnection client, int status) throws IOException {
        HttpConnection.Answer answer = client.answer();
        String body = new String(answer.body().readAllBytes(), UTF_8);
        assertThat(answer.status()).as(body).isEqualTo(status);
        return JSON.readTree(body);
    }

    private static void flood(Socket socket, String requests) throws IOException {
        try {
            socket.getOutputStream().write(requests.getBytes(US_ASCII));
        } catch (SocketException hungUpOn) {
            // What was to be seen.
        }
    }

    private static boolean isClosedUnanswered(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }
}
