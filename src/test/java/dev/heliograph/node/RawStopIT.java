package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.FaultProxy.Direction;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of raw {@code PUBLISH} when a node that hears it is stopped in good order (SIGTERM). */
class RawStopIT {
    private static final String CHANNEL = "orders-1";
    private static final int NAMESPACES = 7;
    private static final int MANY = 9000;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");
    private static final Pattern LEFT = Pattern.compile("has appended (\\d+) of the raw messages");

    private RedisServer redis;
    private RedisBackend backend;

    @BeforeEach
    void open() throws IOException {
        redis = RedisServer.startProcess(false);
        backend = new RedisBackend(redis);
    }

    @AfterEach
    void close() throws IOException {
        backend.close();
        redis.close();
    }

    @Test
    void appendsAllThatWasPublishedBeforeTheStop() throws IOException {
        try (var gateway = start(redis.uri())) {
            for (int n = 0; n < MANY; n++) {
                assertThat(publish(n)).isEqualTo(1);
            }
            int appendedBefore = appended().size();

            gateway.stop();

            assertThat(appendedBefore).isLessThan(MANY);
            assertThat(appended()).isEqualTo(IntStream.range(0, MANY).boxed().toList());
            assertThat(gateway.output()).doesNotContain("dead letters");
            assertThat(backend.send("KEYS", "heliograph:{*}:lease")).isEqualTo(List.of());
        }
    }

    @Test
    void reportsRemainingMessagesAndStopsInTimeIfRedisStalls() throws IOException {
        try (var proxy = new FaultProxy(redis.host(), redis.port());
                var gateway = start(
                        "redis://" + proxy.host() + ":" + proxy.port(),
                        "heliograph.ingest.drain-timeout=2s",
                        "heliograph.redis.timeout=500ms")) {
            proxy.stall(Direction.TO_SERVER);
            for (int n = 0; n < 3000; n++) {
                assertThat(publish(n)).isEqualTo(1);
            }

            long start = System.nanoTime();
            gateway.stop();

            // The shutdown delay, 2 s to append, four steps of 500 ms, and some for the rest of the process.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
            assertThat(LEFT.matcher(gateway.output())
                            .results()
                            .map(found -> Integer.valueOf(found.group(1)))
                            .toList())
                    .as(gateway.output())
                    .containsExactly(3000);
            assertThat(appended()).isEmpty();
        }
    }

    @Test
    void keepsRemainingMessagesAsDeadLettersAfterTimeout() throws IOException {
        try (var gateway = start(redis.uri(), "heliograph.ingest.drain-timeout=0s", "quarkus.shutdown.delay=0s")) {
            for (int n = 0; n < MANY; n++) {
                assertThat(publish(n)).isEqualTo(1);
            }

            gateway.stop();

            List<Integer> left = numbers(backend.send("XRANGE", "heliograph:dead-letters:fenced", "-", "+"));
            List<Integer> all = new ArrayList<>(appended());
            assertThat(all).hasSizeLessThan(MANY);
            // The one that was under way is appended and left, if its answer came too late.
            left.removeAll(all.subList(Math.max(0, all.size() - 1), all.size()));
            all.addAll(left);
            assertThat(all).isEqualTo(IntStream.range(0, MANY).boxed().toList());
        }
    }

    @Test
    void handsOverToAnotherNodeWithoutLossOrRepeat() throws Exception {
        try (var leaving = start(redis.uri());
                var staying = gateway(redis.uri())) {
            var published = new AtomicInteger();
            var isOver = new AtomicBoolean();
            var publisher = CompletableFuture.runAsync(() -> {
                while (!isOver.get()) {
                    assertThat(publish(published.get())).isPositive();
                    published.incrementAndGet();
                    // Fewer than a node can append.
                    LockSupport.parkNanos(500_000);
                }
            });
            await().atMost(LIMIT).until(() -> published.get() > 3000);

            leaving.stop();

            int atTheStop = published.get();
            await().atMost(LIMIT).until(() -> published.get() > atTheStop + 3000 || publisher.isDone());
            isOver.set(true);
            publisher.get();
            try (var other = new RedisBackend(redis)) {
                await().atMost(LIMIT)
                        .until(() ->
                                (Long) other.send("XLEN", "heliograph:{orders}:log:" + CHANNEL) >= published.get());
            }
            assertThat(appended())
                    .isEqualTo(IntStream.range(0, published.get()).boxed().toList());
            assertThat(staying.output()).contains("This node appends raw messages now [orders]");
            assertThat(backend.send("XLEN", "heliograph:dead-letters:fenced")).isEqualTo(0L);
        }
    }

    /** Once it listens. */
    private GatewayProcess start(String uri, String... options) {
        GatewayProcess gateway = gateway(uri, options);
        await().atMost(LIMIT).until(() -> backend.send("PUBSUB", "NUMPAT").equals((long) NAMESPACES));
        return gateway;
    }

    private static GatewayProcess gateway(String uri, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("quarkus.redis.hosts=" + uri);
        all.add("heliograph.namespaces.orders.history-size=100000");
        all.add("heliograph.namespaces.orders.firehose-history-size=1");
        all.add("heliograph.ingest.max-waiting=1000000");
        return GatewayProcess.start(all.toArray(String[]::new));
    }

    private long publish(int number) {
        try {
            return (Long) backend.send("PUBLISH", CHANNEL, "{\"type\":\"order.updated\",\"n\":" + number + "}");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Integer> appended() throws IOException {
        return numbers(backend.send("XRANGE", "heliograph:{orders}:log:" + CHANNEL, "-", "+"));
    }

    private static List<Integer> numbers(Object entries) {
        return new ArrayList<>(NUMBER.matcher(entries.toString())
                .results()
                .map((MatchResult found) -> Integer.valueOf(found.group(1)))
                .toList());
    }
}
