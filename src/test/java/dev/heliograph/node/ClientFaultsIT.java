package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.FaultProxy.Direction;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.ListeningClient;
import dev.heliograph.fixture.Told;
import dev.heliograph.fixture.Wire;
import dev.heliograph.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A network between clients and gateway that cuts, stalls and trickles: they end with every event once and in order. */
class ClientFaultsIT {
    private static final String CHANNEL = "orders-1";
    private static final String TYPE = "order.updated";
    private static final int CLIENTS = 20;
    private static final int EVENTS = 6000;
    private static final Duration PACE = Duration.ofMillis(1);
    private static final Duration FAULT = Duration.ofMillis(700);
    private static final int TRICKLE_BYTES_PER_SECOND = 200;
    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private final List<ListeningClient> clients = new ArrayList<>();

    @Test
    void clientsResumeThroughCutsStallsAndTrickles() throws Exception {
        try (var gateway = GatewayProcess.start("heliograph.namespaces.orders.history-size=" + EVENTS);
                var network = new FaultProxy("127.0.0.1", gateway.port())) {
            connectClients(network);
            Future<List<Told.Event>> published = threads.submit(() -> publish(new GatewayHttp(gateway.httpUri())));

            while (!published.isDone()) {
                during(network::closeConnections);
                during(network::cut);
                network.heal();
                during(() -> network.stall(Direction.TO_CLIENT));
                during(() -> network.trickle(TRICKLE_BYTES_PER_SECOND, Direction.values()));
                during(() -> network.stall(Direction.values()));
                during(network::closeConnections);
                during(network::heal);
            }

            await().atMost(CATCH_UP_LIMIT).untilAsserted(() -> assertThat(clients)
                    .allSatisfy(client -> assertThat(client.events(CHANNEL)).isEqualTo(published.get())));
            assertThat(clients)
                    .allSatisfy(client -> assertThat(resumes(client)).isGreaterThanOrEqualTo(2))
                    .allSatisfy(client -> assertThat(client.gaps(CHANNEL)).isEmpty());
        } finally {
            clients.forEach(ListeningClient::close);
            threads.shutdownNow();
        }
    }

    private void connectClients(FaultProxy network) {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(ListeningClient.start(ListeningClient.Plan.of(CHANNEL), Wire.WEB_SOCKET, network.port()));
        }
        await().atMost(CATCH_UP_LIMIT).until(() -> clients.stream().allMatch(ListeningClient::isListening));
    }

    private static List<Told.Event> publish(GatewayHttp backend) throws Exception {
        var accepted = new ArrayList<Told.Event>();
        for (int n = 0; n < EVENTS; n++) {
            String id = "event-" + n;
            String cursor = backend.publish(GatewayHttp.event(CHANNEL, TYPE, "{\"n\":" + n + "}", id))
                    .body()
                    .path("cursor")
                    .textValue();
            accepted.add(new Told.Event(Position.parse(cursor), id, TYPE, CHANNEL, n));
            LockSupport.parkNanos(PACE.toNanos());
        }
        return accepted;
    }

    /** Lets a fault last. */
    private static void during(Runnable fault) {
        fault.run();
        await().pollDelay(FAULT).timeout(FAULT.multipliedBy(2)).until(() -> true);
    }

    /** How often it was told, after the first time, that it goes on and nothing is missing. */
    private static long resumes(ListeningClient client) {
        return client.told(CHANNEL).stream()
                        .filter(Told.Recovered.class::isInstance)
                        .count()
                - 1;
    }
}
