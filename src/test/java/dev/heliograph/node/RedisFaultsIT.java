package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.FaultProxy.Direction;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A Redis that is cut off, stalls or crawls while writers write: what was accepted is there afterwards, and once; what was
 * refused says so in time.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RedisFaultsIT {
    private static final int WRITERS = 8;
    private static final Duration ROUND = Duration.ofSeconds(14);
    private static final Duration BETWEEN = Duration.ofSeconds(4);
    private static final Duration CUT = Duration.ofSeconds(1);
    /** So that what hangs at its end still hangs long after, see quarkus.redis.tcp.idle-timeout. */
    private static final Duration HANG = Duration.ofSeconds(12);
    /** All tries of a write, each with its timeout; see the figures of RedisGuard. */
    private static final Duration PATIENCE = Duration.ofSeconds(9);

    private static final Pattern EVENT_ID = Pattern.compile("\"id\":\"(w[^\"]*)\"");
    /** The circuit of writes and one of its states, 1 if it is in that. */
    private static final Pattern CIRCUIT =
            Pattern.compile("ft_circuitbreaker_state_current\\{([^}]*RedisGuard.write\"[^}]*)} ([0-9.]+)");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static RedisServer redis;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private FaultProxy network;

    /** What became of one writer's writes. */
    private record Written(List<String> accepted, List<Integer> refused, Duration slowest) {}

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.startProcess(true);
    }

    @AfterAll
    static void endRedis() {
        redis.close();
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
        network.close();
    }

    @Test
    void retriesCarryWritesOverCutsOfOneSecond() throws Exception {
        double with = successRate("with", RedisFaultsIT::cutBriefly);
        double without = successRate(
                "without",
                RedisFaultsIT::cutBriefly,
                "quarkus.fault-tolerance.\"dev.heliograph.log.redis.RedisGuard/write\".retry.max-retries=0");

        System.out.printf(
                "Cuts of 1 s every 5 s: %.2f %% of writes succeed with retries, %.2f %% without%n",
                with * 100, without * 100);
        assertThat(with).isGreaterThanOrEqualTo(0.99).isGreaterThan(without);
    }

    @Test
    void stallsAndSlownessLoseNothingAndRepeatNothing() throws Exception {
        successRate("stalled and slowed", faulty -> {
            during(faulty, () -> faulty.stall(Direction.TO_CLIENT), Duration.ofSeconds(1));
            during(faulty, () -> faulty.trickle(2000, Direction.values()), Duration.ofSeconds(1));
            during(faulty, () -> faulty.stall(Direction.values()), Duration.ofSeconds(3));
        });
    }

    @Test
    void retriesRawMessageWhileRedisIsFull() throws Exception {
        network = new FaultProxy(redis.host(), redis.port());
        try (var gateway = start();
                var backend = new RedisBackend(redis)) {
            String log = "heliograph:{orders}:log:" + channel("raw");
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                publishRaw(backend, "early");
                return backend.send("XRANGE", log, "-", "+").toString().contains("early");
            });

            backend.send("CONFIG", "SET", "maxmemory", "1");
            publishRaw(backend, "late");
            during(network, () -> {}, CUT);
            backend.send("CONFIG", "SET", "maxmemory", "0");

            await().atMost(PATIENCE)
                    .until(() ->
                            backend.send("XRANGE", log, "-", "+").toString().contains("late"));
        }
    }

    @Test
    void hangingConnectionsDoNotBlockOthers() throws Exception {
        network = new FaultProxy(redis.host(), redis.port());
        try (var gateway = start()) {
            var backend = new GatewayHttp(gateway.httpUri());
            backend.publish("orders-hang", "order.updated", "{}");

            network.swallow();
            Future<Written> writing = threads.submit(() -> write(gateway, "hang0", HANG));
            assertThat(writing.get().accepted()).isEmpty();
            network.heal();

            await().atMost(PATIENCE)
                    .until(() -> backend.publish(GatewayHttp.event("orders-hang", "order.updated", "{}"))
                                    .status()
                            == 201);
        }
    }

    @Test
    void changesThatWaitForRedisAreBoundedInBytes() throws Exception {
        network = new FaultProxy(redis.host(), redis.port());
        try (var gateway = start("heliograph.documents.max-waiting-bytes=0")) {
            URI documents = gateway.httpUri().resolve("/api/realtime/documents/");
            network.stall(Direction.values());
            var answers = Stream.of("orders-bytes-1", "orders-bytes-2")
                    .map(channel -> HttpRequest.newBuilder(documents.resolve(channel))
                            .header("Content-Type", "application/json")
                            .PUT(BodyPublishers.ofString("{}"))
                            .build())
                    .map(change -> HTTP.sendAsync(change, BodyHandlers.ofString()))
                    .toList();

            Object refused = CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new))
                    .get();
            network.heal();

            assertThat(answers).extracting(answer -> answer.get().statusCode()).containsExactlyInAnyOrder(201, 503);
            assertThat(((HttpResponse<?>) refused).body())
                    .asString()
                    .contains("overloaded", "heliograph.documents.max-waiting-bytes");
        }
    }

    @Test
    void theCircuitOpensWhileRedisIsAwayAndClosesAfter() throws Exception {
        network = new FaultProxy(redis.host(), redis.port());
        try (var gateway = start()) {
            var backend = new GatewayHttp(gateway.httpUri());
            backend.publish("orders-circuit", "order.updated", "{}");

            assertThat(circuit(backend)).isEqualTo("closed");
            network.cut();
            Future<Written> writing = threads.submit(() -> write(gateway, "circuit", Duration.ofSeconds(6)));
            for (int i = 1; i < WRITERS; i++) {
                int writer = i;
                threads.submit(() -> write(gateway, "circuit" + writer, Duration.ofSeconds(6)));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> circuit(backend).equals("open"));
            assertThat(writing.get().refused()).isNotEmpty().allMatch(status -> status == 503 || status == 504);
            network.heal();

            await().atMost(Duration.ofSeconds(20)).until(() -> {
                backend.publish(GatewayHttp.event("orders-circuit", "order.updated", "{}"));
                return circuit(backend).equals("closed");
            });
        }
    }

    @Test
    void answersCachedDocumentAsStaleAndRefusesWritesWithoutRedis() throws Exception {
        network = new FaultProxy(redis.host(), redis.port());
        try (var gateway = start()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            gateway.httpUri().resolve("/api/realtime/documents/orders-stale"))
                    .header("Content-Type", "application/json");
            assertThat(send(request.PUT(BodyPublishers.ofString("{\"n\":1}"))).statusCode())
                    .isEqualTo(201);
            assertThat(send(request.GET()).headers().firstValue("Warning")).isEmpty();

            network.cut();
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            send(request.GET()).headers().firstValue("Warning").isPresent());
            HttpResponse<String> stale = send(request.GET());
            HttpResponse<String> refused =
                    send(request.copy().header("If-Match", "*").PUT(BodyPublishers.ofString("{\"n\":2}")));
            network.heal();

            assertThat(stale.statusCode()).isEqualTo(200);
            assertThat(stale.body()).isEqualTo("{\"n\":1}");
            assertThat(stale.headers().firstValue("Cache-Status")).hasValue("heliograph; hit; ttl=-1");
            assertThat(stale.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(refused.statusCode()).isIn(503, 504);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            send(request.GET()).headers().firstValue("Warning").isEmpty());
        }
    }

    private static void publishRaw(RedisBackend backend, String word) throws IOException {
        backend.send("PUBLISH", channel("raw"), "{\"type\":\"order.updated\",\"word\":\"" + word + "\"}");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.version(HttpClient.Version.HTTP_1_1).build(), BodyHandlers.ofString());
    }

    /** Lets all write while a fault comes every 5 s, compares the log with what was answered, and tells the share of 2xx. */
    private double successRate(String name, Consumer<FaultProxy> fault, String... options) throws Exception {
        network = new FaultProxy(redis.host(), redis.port());
        try (var gateway = start(options)) {
            var writers = new ArrayList<Future<Written>>();
            for (int i = 0; i < WRITERS; i++) {
                String writer = name.replace(' ', '-') + i;
                if (writesDocuments(writer)) {
                    assertThat(putDocument(gateway, writer, "w" + writer + "-first", true))
                            .isEqualTo(201);
                }
                writers.add(threads.submit(() -> write(gateway, writer, ROUND)));
            }
            while (!writers.get(0).isDone()) {
                during(network, () -> {}, BETWEEN);
                fault.accept(network);
                network.heal();
            }
            int accepted = 0;
            int refused = 0;
            Duration slowest = Duration.ZERO;
            for (int i = 0; i < WRITERS; i++) {
                Written written = writers.get(i).get();
                assertInLogOnce(channel(name.replace(' ', '-') + i), written.accepted());
                assertThat(written.refused()).allMatch(status -> status == 503 || status == 504);
                assertThat(written.slowest()).isLessThan(PATIENCE);
                slowest = slowest.compareTo(written.slowest()) < 0 ? written.slowest() : slowest;
                accepted += written.accepted().size();
                refused += written.refused().size();
            }
            System.out.printf(
                    "Writes %s: %d accepted, %d refused, the slowest answer after %d ms%n",
                    name, accepted, refused, slowest.toMillis());
            assertThat(accepted).isGreaterThan(10);
            return (double) accepted / (accepted + refused);
        } finally {
            network.close();
        }
    }

    private GatewayProcess start(String... options) {
        var all = new ArrayList<>(List.of(
                "-Xmx256m",
                "quarkus.redis.hosts=redis://" + network.host() + ":" + network.port(),
                GatewayProcess.NO_PUBLISH_LIMIT,
                "heliograph.namespaces.orders.history-size=100000"));
        all.addAll(List.of(options));
        return GatewayProcess.start(all.toArray(String[]::new));
    }

    /** Publishes events, or changes a document, one after the other, and never tries one twice. */
    private static Written write(GatewayProcess gateway, String writer, Duration time) throws Exception {
        var backend = new GatewayHttp(gateway.httpUri());
        var accepted = new ArrayList<String>();
        var refused = new ArrayList<Integer>();
        long slowest = 0;
        long end = System.nanoTime() + time.toNanos();
        for (int n = 0; System.nanoTime() < end; n++) {
            String id = "w" + writer + "-" + n;
            long start = System.nanoTime();
            int status = writesDocuments(writer)
                    ? putDocument(gateway, writer, id, false)
                    : backend.publish(GatewayHttp.event(channel(writer), "order.updated", "{}", id))
                            .status();
            slowest = Math.max(slowest, System.nanoTime() - start);
            if (status == 200 || status == 201) {
                accepted.add(id);
            } else {
                refused.add(status);
            }
        }
        return new Written(accepted, refused, Duration.ofNanos(slowest));
    }

    private static boolean writesDocuments(String writer) {
        return (writer.charAt(writer.length() - 1) - '0') % 2 == 1;
    }

    /** The document has the id as its member, so that its event has it, too. */
    private static int putDocument(GatewayProcess gateway, String writer, String id, boolean isNew) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        gateway.httpUri().resolve("/api/realtime/documents/" + channel(writer)))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"id\":\"" + id + "\"}"));
        return send(isNew ? request : request.header("If-Match", "*")).statusCode();
    }

    private static String channel(String writer) {
        return "orders-" + writer;
    }

    private static void assertInLogOnce(String channel, List<String> accepted) throws IOException {
        Map<String, Integer> times = new HashMap<>();
        try (var backend = new RedisBackend(redis)) {
            for (Object entry : (List<?>) backend.send("XRANGE", "heliograph:{orders}:log:" + channel, "-", "+")) {
                Matcher id = EVENT_ID.matcher(entry.toString());
                assertThat(id.find()).isTrue();
                times.merge(id.group(1), 1, Integer::sum);
            }
        }
        assertThat(times.values()).allMatch(count -> count == 1);
        assertThat(times.keySet()).containsAll(accepted);
    }

    /** The state of the circuit of writes: {@code closed}, {@code open} or {@code halfOpen}. */
    private static String circuit(GatewayHttp backend) throws IOException {
        Matcher states = CIRCUIT.matcher(backend.get("/q/metrics"));
        while (states.find()) {
            if (Double.parseDouble(states.group(2)) == 1) {
                return states.group(1).replaceFirst(".*state=\"([^\"]*)\".*", "$1");
            }
        }
        throw new AssertionError("no state of the circuit is told");
    }

    private static void cutBriefly(FaultProxy network) {
        during(network, network::cut, CUT);
    }

    /** Lets a fault last. */
    private static void during(FaultProxy network, Runnable fault, Duration time) {
        fault.run();
        await().pollDelay(time).timeout(time.multipliedBy(2)).until(() -> true);
        network.heal();
    }
}
