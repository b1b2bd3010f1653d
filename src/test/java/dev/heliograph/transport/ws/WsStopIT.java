package dev.heliograph.transport.ws;

import static dev.heliograph.transport.ws.RawWebSocket.CLOSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.transport.ws.RawWebSocket.Frame;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** A node that is stopped while a new client comes every 10 ms, until there is nobody to come to any more. */
@Timeout(120)
class WsStopIT {
    private static final int DRAINING = 4000;
    private static final byte[] NOTHING = {};

    private final List<RawWebSocket> clients = new CopyOnWriteArrayList<>();

    @RepeatedTest(3)
    void tellsAcceptedClientsToGoAndRefusesTheRest() throws Exception {
        ScheduledExecutorService comers = Executors.newSingleThreadScheduledExecutor();
        String log;
        try (var gateway = GatewayProcess.start()) {
            comers.scheduleAtFixedRate(() -> comeTo(gateway.port()), 0, 10, TimeUnit.MILLISECONDS);
            await().until(() -> clients.size() >= 50);

            gateway.stop();

            log = gateway.output();
        } finally {
            comers.shutdown();
        }
        assertThat(comers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(log).doesNotContain("\tat ", " ERROR ", "Exception");
        assertThat(clients).anyMatch(client -> client.head().startsWith("HTTP/1.1 503 "));
        for (RawWebSocket client : clients) {
            assertWasToldToGo(client);
        }
    }

    /** Reads no more than the answer to the handshake; nobody who comes after the end is noted. */
    private void comeTo(int port) {
        try {
            clients.add(new RawWebSocket(port, NOTHING));
        } catch (IOException refused) {
            // There is no node any more, or it went before it read the request.
        }
    }

    private static void assertWasToldToGo(RawWebSocket client) throws IOException {
        try (client) {
            if (client.head().startsWith("HTTP/1.1 503 ")) {
                assertThat(client.head())
                        .containsIgnoringCase("\r\nretry-after: 1\r\n")
                        .containsIgnoringCase("\r\ncontent-type: application/problem+json\r\n");
                return;
            }
            assertThat(client.head()).startsWith("HTTP/1.1 101 ");
            assertThat(client.next().text()).startsWith("{\"closing\":{\"code\":4000,");
            Frame end = client.next();
            assertThat(end.opcode()).isEqualTo(CLOSE);
            assertThat(end.code()).isEqualTo(DRAINING);
        }
    }
}
