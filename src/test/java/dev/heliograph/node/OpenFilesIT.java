package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Installed;
import dev.heliograph.fixture.Program;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A gateway that may not open more files serves those that it has, and says why others wait. */
class OpenFilesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MAX_FILES = 64;
    private static final String SAID = "The process has as many files open as it may";

    @Test
    void saysOnceThatConnectionsWaitAndServesThemLater() throws IOException {
        Installed.require(Installed.onPath("prlimit") != null, "apt-get install util-linux");
        List<Socket> many = new ArrayList<>();
        try (var gateway = GatewayProcess.start();
                var client = WsClient.connect(gateway.port())) {
            // docs/decisions.md: A gateway that may open no more files says so once a minute
            client.subscribe("orders-1");
            assertThat(client.next().at("/sync/channel").textValue()).isEqualTo("orders-1");
            assertThat(http(gateway).publish("orders-1", "order.created", "{}")).endsWith("-1");
            assertThat(client.next().at("/event/channel").textValue()).isEqualTo("orders-1");
            Program.run(
                    LIMIT,
                    Path.of("."),
                    "prlimit",
                    "--pid=" + gateway.pid(),
                    "--nofile=" + MAX_FILES + ':' + MAX_FILES);

            for (int i = 0; i < 2 * MAX_FILES; i++) {
                many.add(new Socket(InetAddress.getLoopbackAddress(), gateway.port()));
            }
            await().atMost(LIMIT).until(() -> gateway.output().contains(SAID));
            client.subscribe("orders-2");
            assertThat(client.next().at("/sync/channel").textValue()).isEqualTo("orders-2");
            for (Socket each : many) {
                each.close();
            }

            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .until(() -> http(gateway).publish("orders-2", "order.created", "{}") != null);
            assertThat(client.next().at("/event/channel").textValue()).isEqualTo("orders-2");
            assertThat(gateway.output().split(SAID, -1)).hasSize(2);
            assertThat(gateway.output()).doesNotContain("\tat ", "exceptionCaught");
        } finally {
            for (Socket each : many) {
                each.close();
            }
        }
    }

    private static GatewayHttp http(GatewayProcess gateway) {
        return new GatewayHttp(gateway.httpUri());
    }
}
