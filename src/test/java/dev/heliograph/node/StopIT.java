package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A node that is stopped in good order sends its clients to another one. */
class StopIT {
    private static final int DRAINING = 4000;

    @Test
    void clientsAreToldToReconnectAtOnce() throws IOException {
        try (var gateway = GatewayProcess.start();
                var client = WsClient.connect(gateway.port())) {
            client.subscribe("orders-1");
            client.next();

            gateway.stop();

            assertThat(client.next().at("/closing/reconnect").textValue()).isEqualTo("retry");
            assertThat(client.closeCode()).isEqualTo(DRAINING);
        }
    }
}
