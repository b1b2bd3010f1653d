package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class NativeTransportIT {
    private static final String WARNING = "so NIO is used, and each delivery costs more";

    @Test
    void gatewayWithoutEpollSaysSoAndServes() throws IOException {
        try (var gateway = GatewayProcess.start("-Dio.netty.transport.noNative=true")) {
            assertThat(new GatewayHttp(gateway.httpUri()).publish("orders-1", "order.created", "{}"))
                    .endsWith("-1");
            assertThat(gateway.output()).containsOnlyOnce(WARNING).doesNotContain("\tat ");
        }
    }

    @Test
    void gatewayWithEpollSaysNothing() {
        try (var gateway = GatewayProcess.start()) {
            assertThat(gateway.output()).doesNotContain(WARNING);
        }
    }
}
