package dev.heliograph.transport.sse;

import static dev.heliograph.transport.sse.Listening.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisServer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How an event stream ends: as its client leaves, as its node stops, and as the log cannot be read. */
@Timeout(60)
class SseEndIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void aClientThatClosesItsHalfIsLetGo() throws IOException {
        try (var gateway = GatewayProcess.start();
                var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            var backend = new GatewayHttp(gateway.httpUri());
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
                var client = Listening.to(stopping, "channel=orders-stop")) {
            client.next();

            stopping.stop();

            EventStream.Event closing = client.next();
            assertThat(closing.type()).isEqualTo("closing");
            assertThat(json(closing).path("code").intValue()).isEqualTo(4000);
            assertThat(json(closing).path("reconnect").textValue()).isEqualTo("retry");
            assertThat(client.stream().retryMillis()).isLessThan(1000);
            assertThatThrownBy(client::next).isInstanceOf(EOFException.class);
        }
    }

    /** A browser never comes back after a 503. */
    @Test
    void stoppingNodeClosesNewStreamWithReconnect() throws IOException {
        try (var stopping = GatewayProcess.start("quarkus.shutdown.delay=20s");
                var first = Listening.to(stopping, "channel=orders-stop")) {
            first.next();
            var stop = new Thread(stopping::stop, "stop");
            stop.setDaemon(true);
            stop.start();
            assertThat(first.next().type()).isEqualTo("closing");

            try (var late = Listening.to(stopping, "channel=orders-stop")) {
                assertThat(late.answer().status()).isEqualTo(200);
                EventStream.Event closing = late.next();
                assertThat(closing.type()).isEqualTo("closing");
                assertThat(json(closing).path("code").intValue()).isEqualTo(4000);
                assertThat(late.stream().retryMillis()).isLessThan(1000);
                assertThatThrownBy(late::next).isInstanceOf(EOFException.class);
            }
        }
    }

    @Test
    void unreachableLogEndsStreamWithClosingEvent() throws IOException {
        try (var redis = RedisServer.startProcess(false);
                var network = new FaultProxy(redis.host(), redis.port());
                var alone =
                        GatewayProcess.start("quarkus.redis.hosts=redis://" + network.host() + ":" + network.port())) {
            network.cut();

            try (var client = Listening.to(alone, "channel=orders-alone")) {
                EventStream.Event problem = client.next();
                EventStream.Event closing = client.next();

                assertThat(client.answer().status()).isEqualTo(200);
                assertThat(problem.type()).isEqualTo("problem");
                assertThat(json(problem).path("retryable").booleanValue()).isTrue();
                assertThat(closing.type()).isEqualTo("closing");
                assertThat(json(closing).path("code").intValue()).isEqualTo(4103);
                assertThat(client.stream().retryMillis()).isBetween(5000L, 15_000L);
            }
        }
    }
}
