package dev.heliograph.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.log.Position;
import dev.heliograph.log.memory.MemoryEventLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Publishers on their own threads, lanes on theirs, clients that join in the middle with and without cursors, an inbox so
 * small that it overflows: nobody misses anything, nobody gets anything twice.
 */
class HubStressTest {
    private static final int PUBLISHERS = 4;
    private static final int EVENTS_EACH = 2500;
    private static final int CLIENTS = 24;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int TOTAL = PUBLISHERS * EVENTS_EACH;

    @RepeatedTest(5)
    void subscriberGetsLaterEntriesOnceAndInOrder() throws Exception {
        EventLoopGroup loops = new NioEventLoopGroup(3);
        var log = new MemoryEventLog(Events.catalogue(TOTAL), 1 << 28, Clock.systemUTC());
        var hub = new Hub(
                Events.catalogue(TOTAL),
                log,
                log,
                Events.config(Duration.ZERO, Duration.ofSeconds(5)),
                new SimpleMeterRegistry());
        // Mutiny's first use sets up a provider, and fails if several threads are the first.
        log.since(Events.ORDER, null, 1).await().indefinitely();
        List<TestClient> clients = new ArrayList<>();
        List<Position> starts = new ArrayList<>();
        var go = new CountDownLatch(1);
        try (var server = new TestClient.Server(loops)) {
            List<Thread> publishers = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                publishers.add(startPublisher(log, go));
            }
            go.countDown();
            for (int i = 0; i < CLIENTS; i++) {
                TestClient client = server.connect(new TestFormat()).read();
                clients.add(client);
                Position top =
                        log.since(Events.ORDER, null, 1).await().indefinitely().top();
                Position after = i % 2 == 0 ? null : top.at(top.offset() / 2);
                starts.add(client.subscribe(hub, Events.ORDER, Set.of(), after).get());
            }
            for (Thread publisher : publishers) {
                publisher.join();
            }

            for (int i = 0; i < CLIENTS; i++) {
                TestClient client = clients.get(i);
                long first = starts.get(i).offset() + 1;
                await().atMost(LIMIT).until(() -> client.positions().size() >= TOTAL - first + 1);
                assertThat(client.positions().stream().map(Position::offset))
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(first, TOTAL).boxed().toList());
            }
        } finally {
            clients.forEach(TestClient::close);
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static Thread startPublisher(MemoryEventLog log, CountDownLatch go) {
        var publisher = new Thread(
                () -> {
                    try {
                        go.await();
                    } catch (InterruptedException stopped) {
                        throw new AssertionError(stopped);
                    }
                    for (int i = 0; i < EVENTS_EACH; i++) {
                        log.append(Events.event(Events.ORDER, i), null).await().indefinitely();
                    }
                },
                "publisher");
        publisher.start();
        return publisher;
    }
}
