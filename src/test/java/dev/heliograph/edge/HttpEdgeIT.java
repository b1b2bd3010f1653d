package dev.heliograph.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RawHttp;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that stall, hang up halfway or send too much are got rid of, each with the answer that HTTP has for it. */
class HttpEdgeIT {
    private static final int IDLE_SECONDS = 4;
    private static final String EVENTS = "/api/realtime/channels/orders-1/events";

    private static GatewayProcess gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayProcess.start(
                "quarkus.http.idle-timeout=" + IDLE_SECONDS + "s",
                "heliograph.session.ping-interval=1s",
                "heliograph.session.heartbeat-interval=1s");
    }

    @AfterAll
    static void end() {
        gateway.close();
    }

    @Test
    void closesConnectionThatStallsInHead() throws IOException {
        assertThat(RawHttp.all(gateway.port(), "GET /api/realtime/publish HTTP/1.1\r\nX-Slow: "))
                .isEmpty();
    }

    @Test
    void closesConnectionThatStallsInBody() throws IOException {
        String request =
                RawHttp.request("POST /api/realtime/publish", "Content-Type: application/json", "Content-Length: 100");

        assertThat(RawHttp.all(gateway.port(), request + "{\"channel\":")).isEmpty();
    }

    @Test
    void clientThatLeavesInBodyIsNoFailureOfTheGateway() throws IOException {
        for (String request : List.of("POST /api/realtime/publish", "PUT /api/realtime/documents/orders-hung")) {
            for (boolean resets : new boolean[] {false, true}) {
                try (Socket socket = RawHttp.connect(gateway.port())) {
                    // With no time to linger, close resets the connection.
                    socket.setSoLinger(resets, 0);
                    RawHttp.send(
                            socket,
                            RawHttp.request(request, "Content-Type: application/json", "Content-Length: 100") + "{\"a");
                }
            }
        }

        await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(5)).until(() -> !gateway.output()
                .contains("ERROR"));
    }

    @Test
    void closesConnectionAfterBodyThatIsNoHttp() throws IOException {
        String request = RawHttp.request(
                "POST /api/realtime/publish", "Content-Type: application/json", "Transfer-Encoding: chunked");

        assertThat(RawHttp.all(gateway.port(), request + "zz\r\n{}\r\n")).isEmpty();
        assertThat(gateway.output()).doesNotContain("ERROR");
    }

    @Test
    void aConnectionThatIsNotUsedIsHungUpOn() throws IOException {
        assertThat(RawHttp.all(gateway.port(), RawHttp.request("GET /q/health/live")))
                .startsWith("HTTP/1.1 200");
    }

    /** Longer than the idle timeout: each answer of the gateway's pings counts as life. */
    @Test
    void aSilentWebSocketThatAnswersPingsIsKept() throws IOException {
        try (var client = WsClient.connect(gateway.port())) {
            client.subscribe("orders-kept");
            client.next();
            var executor = Executors.newSingleThreadScheduledExecutor();
            executor.schedule(
                    () -> new GatewayHttp(gateway.httpUri()).publish("orders-kept", "order.created", "{}"),
                    2 * IDLE_SECONDS,
                    TimeUnit.SECONDS);

            assertThat(client.next().has("event")).isTrue();
            executor.shutdown();
        }
    }

    @Test
    void headersThatAreTooLargeAreRefused() throws IOException {
        String answer =
                RawHttp.all(gateway.port(), RawHttp.request("GET /q/health/live", "X-Large: " + "x".repeat(30_000)));

        assertThat(answer).startsWith("HTTP/1.1 431 ");
    }

    /** The version of the protocol stands behind the address and was not read. */
    @Test
    void anAddressThatIsTooLongIsRefused() throws IOException {
        String answer = RawHttp.all(gateway.port(), RawHttp.request("GET " + EVENTS + "?" + "x".repeat(17_000)));

        assertThat(answer).startsWith("HTTP/1.0 414 ");
    }

    @Test
    void anAddressOfThirtyTwoLongChannelsIsRead() throws IOException {
        String channels = IntStream.range(10, 42)
                .mapToObj(n -> "channel=orders-" + "x".repeat(155) + n)
                .collect(Collectors.joining("&"));

        String answer = RawHttp.head(gateway.port(), RawHttp.request("GET /api/realtime/poll?" + channels));

        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\"hasUpdate\":false");
    }

    @Test
    void refusesRequestThatIsNoHttp() throws IOException {
        assertThat(RawHttp.all(gateway.port(), "HELLO\r\n\r\n")).startsWith("HTTP/1.0 400 ");
    }

    /** Netty closes a connection whose other end sends no more: the answer may be lost, so the request is repeated. */
    @Test
    void halfClosedClientGetsWholeAnswerOrNone() throws IOException {
        String body = "{\"channel\":\"orders-half\",\"type\":\"order.created\",\"id\":\"half\",\"data\":{}}";
        String request = RawHttp.request(
                        "POST /api/realtime/publish",
                        "Content-Type: application/json",
                        "Content-Length: " + body.length())
                + body;
        for (int i = 0; i < 20; i++) {
            try (Socket socket = RawHttp.connect(gateway.port())) {
                RawHttp.send(socket, request);
                socket.shutdownOutput();

                String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

                assertThat(answer).matches("(?s)|HTTP/1.1 201 .*\"cursor\":\"[a-z0-9]+-1\"}");
            }
        }

        assertThat(RawHttp.head(gateway.port(), request))
                .startsWith("HTTP/1.1 201 ")
                .contains("-1\"}");
    }
}
