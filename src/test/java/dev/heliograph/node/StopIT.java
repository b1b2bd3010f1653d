package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** A node that is stopped in good order sends its clients to another one. */
class StopIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int DRAINING = 4000;
    private static final Executor ONE_FOR_EACH = task -> new Thread(task).start();

    private final HttpClient client = HttpClient.newHttpClient();

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

    @Test
    void clientsAreToldToReconnectOverTheDrainWindow() throws Exception {
        List<WsClient> clients = new ArrayList<>();
        try (var gateway = GatewayProcess.start("heliograph.session.drain-window=3s", "quarkus.shutdown.delay=20s")) {
            for (int i = 0; i < 30; i++) {
                clients.add(WsClient.connect(gateway.port()));
                clients.get(i).subscribe("orders-1");
                clients.get(i).next();
            }
            long begin = System.nanoTime();
            gateway.terminate();

            List<CompletableFuture<Long>> told = clients.stream()
                    .map(each -> CompletableFuture.supplyAsync(() -> closedAtNanos(each), ONE_FOR_EACH))
                    .toList();
            long last = told.stream().mapToLong(CompletableFuture::join).max().orElseThrow();

            assertThat(last - begin).isGreaterThan(Duration.ofSeconds(1).toNanos());
            assertThat(status(gateway, "/q/health/live")).isEqualTo(200);
        } finally {
            for (WsClient each : clients) {
                each.close();
            }
        }
    }

    @Test
    void drainingConnectionsAreCountedUntilTheyHaveMoved() throws Exception {
        List<WsClient> clients = new ArrayList<>();
        try (var gateway = GatewayProcess.start("heliograph.session.drain-window=60s", "quarkus.shutdown.delay=70s")) {
            var metrics = new GatewayHttp(gateway.httpUri());
            for (int i = 0; i < 30; i++) {
                clients.add(WsClient.connect(gateway.port()));
            }
            assertThat(metrics.metric("heliograph_node_draining_connections")).isZero();

            gateway.terminate();

            await().atMost(LIMIT).until(() -> metrics.metric("heliograph_node_draining_connections") > 0);
            for (WsClient each : clients) {
                each.close();
            }
            await().atMost(LIMIT).until(() -> metrics.metric("heliograph_node_draining_connections") == 0);
        } finally {
            for (WsClient each : clients) {
                each.close();
            }
        }
    }

    private static long closedAtNanos(WsClient client) {
        assertThat(client.next().at("/closing/code").intValue()).isEqualTo(DRAINING);
        return System.nanoTime();
    }

    @Test
    void endsWithExitCodeZero() {
        try (var gateway = GatewayProcess.start()) {
            assertThat(gateway.stop()).isZero();
        }
    }

    @Test
    void secondSignalEndsTheStop() throws Exception {
        try (var gateway = GatewayProcess.start("quarkus.shutdown.delay=60s")) {
            gateway.terminate();
            await().atMost(LIMIT).until(() -> status(gateway, "/q/health/ready") == 503);

            assertThat(gateway.stop()).isEqualTo(128 + 15);
        }
    }

    /** As the probes of docs/operations.md rely on. */
    @Test
    void stoppingNodeIsLiveAndServesButIsNotReady() throws Exception {
        try (var gateway = GatewayProcess.start("quarkus.shutdown.delay=60s")) {
            await().atMost(LIMIT).until(() -> status(gateway, "/q/health/ready") == 200);

            gateway.terminate();

            await().atMost(LIMIT).until(() -> status(gateway, "/q/health/ready") == 503);
            assertThat(status(gateway, "/q/health/live")).isEqualTo(200);
            assertThat(new GatewayHttp(gateway.httpUri()).publish("orders-1", "order.updated", "{}"))
                    .endsWith("-1");
        }
    }

    private int status(GatewayProcess gateway, String path) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(gateway.httpUri().resolve(path)).build(), BodyHandlers.discarding())
                .statusCode();
    }
}
