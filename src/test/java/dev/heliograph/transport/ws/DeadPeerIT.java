package dev.heliograph.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A peer that does not answer pings is given up; one that does is kept, however silent it is otherwise. */
class DeadPeerIT {
    private static final int PING_TIMEOUT = 4001;

    private static GatewayProcess gateway;

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start("heliograph.session.ping-interval=1s", "heliograph.session.ping-timeout=5s");
    }

    @AfterAll
    static void endGateway() {
        gateway.close();
    }

    @Test
    void onlyThePeerThatAnswersPingsStays() throws IOException {
        try (var dead = WsClient.connect(gateway.port()).withoutPongs();
                var alive = WsClient.connect(gateway.port())) {
            alive.subscribe("orders-alive");
            alive.next();
            var kept = new Thread(() -> alive.next());
            kept.start();

            dead.subscribe("orders-alive");
            dead.next();

            assertThat(dead.next().at("/closing/code").intValue()).isEqualTo(PING_TIMEOUT);
            assertThat(dead.closeCode()).isEqualTo(PING_TIMEOUT);
            try (var second = WsClient.connect(gateway.port()).withoutPongs()) {
                assertThat(second.closeCode()).isEqualTo(PING_TIMEOUT);
            }
            assertThat(kept.isAlive()).isTrue();
            new GatewayHttp(gateway.httpUri()).publish("orders-alive", "order.updated", "{}");
            kept.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
