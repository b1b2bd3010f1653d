package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Ledger;
import dev.heliograph.fixture.ListeningClient;
import dev.heliograph.fixture.ListeningClient.Plan;
import dev.heliograph.fixture.Telling;
import dev.heliograph.fixture.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One cursor everywhere: a client that moves from wire to wire in the middle of a stream, through a network that cuts it
 * off, is told every event once and in order. {@code -Dheliograph.test.seed} repeats a seed.
 */
class HopIT {
    private static final List<Wire> ROUND = List.of(Wire.WEB_SOCKET, Wire.SSE, Wire.POLL, Wire.SSE);
    private static final String FIREHOSE = "orders.*";
    private static final int PUBLISHERS = 2;
    private static final int BATCH = 20;
    private static final int BATCHES = 250;
    /** Of one publisher: with two of them, 2000 events a second. */
    private static final Duration BATCH_PACE = Duration.ofMillis(20);

    private static final int HISTORY = 20_000;
    private static final int MOST_EVENTS_ON_A_WIRE = 30;
    private static final int ONE_MOVE_IN_SO_MANY_IS_A_CUT = 3;
    private static final Duration LOOK_EVERY = Duration.ofMillis(1);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static GatewayProcess gateway;
    private static FaultProxy network;

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start(
                "-Xmx512m",
                "heliograph.namespaces.orders.history-size=" + HISTORY,
                "heliograph.namespaces.orders.firehose-history-size=" + 5 * HISTORY);
        network = new FaultProxy("127.0.0.1", gateway.port());
    }

    @AfterAll
    static void endGateway() {
        network.close();
        gateway.close();
    }

    /** The channels that the client listens to; the star is the firehose. */
    static Stream<Arguments> seedsAndChannels() {
        String given = System.getProperty("heliograph.test.seed");
        return Stream.of("a", "a *", "a b c", "* a b", "*")
                .map(names -> Arguments.of(given == null ? new Random().nextLong() : Long.parseLong(given), names));
    }

    @ParameterizedTest(name = "seed {0}, channels {1}")
    @MethodSource("seedsAndChannels")
    void everyEventIsToldOnceAndInOrder(long seed, String names) throws Exception {
        var random = new Random(seed);
        List<String> channels = Stream.of(names.split(" "))
                .map(name -> name.equals("*") ? FIREHOSE : "orders-" + name + UUID.randomUUID())
                .toList();
        var ledger = new Ledger();
        try (var client =
                ListeningClient.start(Plan.of(channels.toArray(String[]::new)), ROUND.get(0), network.port())) {
            await().atMost(LIMIT).until(client::isListening);
            CompletableFuture<?> publishing = publish(ledger, channelsToPublish(channels));

            int moves = 0;
            int cuts = 0;
            while (!publishing.isDone()) {
                long wanted = client.events() + random.nextInt(MOST_EVENTS_ON_A_WIRE);
                await().atMost(LIMIT)
                        .pollInterval(LOOK_EVERY)
                        .until(() -> client.events() > wanted || publishing.isDone());
                if (random.nextInt(ONE_MOVE_IN_SO_MANY_IS_A_CUT) == 0) {
                    network.closeConnections();
                    cuts++;
                } else {
                    client.switchTo(ROUND.get(++moves % ROUND.size()));
                }
            }
            publishing.get();

            channels.forEach(channel -> new Telling(ledger, client, channel).assertComplete());
            System.out.printf(
                    "Hop: seed %d, %d events of channels %s, %d moves, %d cuts, %d connections%n",
                    seed, client.events(), names, moves, cuts, client.connections());
            assertThat(moves).isGreaterThan(ROUND.size());
        }
    }

    /** Those that the client names; if it has the firehose, others too. */
    private static List<String> channelsToPublish(List<String> channels) {
        var all = new ArrayList<>(channels);
        if (all.remove(FIREHOSE)) {
            all.addAll(List.of("orders-other", "orders"));
        }
        return all;
    }

    /** Each publisher turns to one channel after the other. */
    private static CompletableFuture<?> publish(Ledger ledger, List<String> channels) {
        CompletableFuture<?>[] publishers = new CompletableFuture<?>[PUBLISHERS];
        for (int p = 0; p < PUBLISHERS; p++) {
            int first = p;
            publishers[p] = CompletableFuture.runAsync(() -> {
                var backend = new GatewayHttp(gateway.httpUri());
                long due = System.nanoTime();
                for (int batch = first; batch < first + BATCHES; batch++) {
                    ledger.publish(backend, channels.get(batch % channels.size()), "order.updated", BATCH);
                    due += BATCH_PACE.toNanos();
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            });
        }
        return CompletableFuture.allOf(publishers);
    }
}
