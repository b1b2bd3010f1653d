package dev.heliograph.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayMemory;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.ListeningClient;
import dev.heliograph.fixture.Told;
import dev.heliograph.fixture.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Requests and frames that are almost legal, over real connections, with keys and without, while others listen. The gateway
 * neither fails nor grows, and the others get every event in order and in time. {@code -Dfuzz.tries=1000000} tries longer: a
 * fifth of them.
 */
class FuzzIT {
    private static final int TRIES = Integer.getInteger(FuzzRun.TRIES, 20_000) / 5;
    private static final String CHANNEL = "drivers-1";
    private static final Duration IN_TIME = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Path LOG = Path.of("target", "fuzz", "gateway.log").toAbsolutePath();
    private static final long MOST_STATE_BYTES = 8L << 20;
    private static final long MOST_GROWTH_BYTES = 4L << 20;

    private final List<ListeningClient> bystanders = new ArrayList<>();
    private int published;

    @Test
    void nobodySuffersFromWhatOneClientSends() throws Exception {
        Files.deleteIfExists(LOG);
        try (var gateway = GatewayProcess.start(options())) {
            for (Wire wire : Wire.values()) {
                bystanders.add(ListeningClient.start(ListeningClient.Plan.of(CHANNEL), wire, gateway.port()));
            }
            await().atMost(LIMIT).until(() -> bystanders.stream().allMatch(ListeningClient::isListening));

            fuzz(gateway, FuzzRun.SEED);
            long atHalf = GatewayMemory.objects(gateway);
            fuzz(gateway, FuzzRun.SEED + 1);

            await().atMost(LIMIT).untilAsserted(() -> assertThat(GatewayMemory.objects(gateway) - atHalf)
                    .as("growth since half of the run")
                    .isLessThan(MOST_GROWTH_BYTES));
            System.out.printf(
                    "objects: %d KiB at half, %d KiB at the end%n",
                    atHalf / 1024, GatewayMemory.objects(gateway) / 1024);
            assertThat(Files.readString(LOG)).doesNotContain("ERROR", "Unforeseen failure");
        } finally {
            bystanders.forEach(ListeningClient::close);
        }
    }

    /** Half of all tries, while events are published one after another. */
    private void fuzz(GatewayProcess gateway, long seed) throws Exception {
        var backend = new GatewayHttp(gateway.httpUri());
        CompletableFuture<List<String>> run = CompletableFuture.supplyAsync(() -> run(gateway, seed));
        while (!run.isDone()) {
            backend.publish(CHANNEL, "driver.location", "{\"n\":" + published++ + "}");
            await().atMost(IN_TIME).until(() -> bystanders.stream()
                    .allMatch(bystander -> bystander.events(CHANNEL).size() == published));
        }
        try {
            run.get().stream()
                    .filter(line -> line.matches("(requests|frames): .*"))
                    .forEach(System.out::println);
        } catch (ExecutionException failed) {
            throw new AssertionError(gateway.output(), failed.getCause());
        }
        assertThat(bystanders).allSatisfy(bystander -> {
            assertThat(bystander.events(CHANNEL))
                    .extracting(Told.Event::number)
                    .containsExactlyElementsOf(
                            LongStream.range(0, published).boxed().toList());
            assertThat(bystander.gaps(CHANNEL)).isEmpty();
            assertThat(bystander.connections()).isEqualTo(1);
        });
    }

    private static List<String> run(GatewayProcess gateway, long seed) {
        try {
            return FuzzRun.of(
                    GatewayFuzz.class,
                    TRIES / 2,
                    seed,
                    seeds(seed),
                    "-D" + FuzzedConnection.PORT + "=" + gateway.port());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<byte[]> seeds(long seed) {
        var random = new Random(seed);
        var seeds = new ArrayList<byte[]>();
        for (int i = 0; i < TRIES / 8; i++) {
            byte[] bytes = new byte[4 + Mutation.BYTES_OF_CHANGE * random.nextInt(4)];
            random.nextBytes(bytes);
            seeds.add(bytes);
        }
        return seeds;
    }

    /** Whoever listens needs no key for drivers. What orders leave behind is soon gone. */
    private static String[] options() {
        Stream<String> keys = Jwts.config().entrySet().stream().map(key -> key.getKey() + "=" + key.getValue());
        Stream<String> others = Stream.of(
                "-Xmx256m",
                // A buffer that is lost is an ERROR in the log.
                "-Dio.netty.leakDetection.level=paranoid",
                "heliograph.memory.max-bytes=" + MOST_STATE_BYTES,
                "heliograph.namespaces.drivers.public=subscribe,read,publish",
                "heliograph.namespaces.orders.client-publish=true",
                "heliograph.session.requests-per-second=100000",
                "heliograph.session.request-burst=100000",
                "heliograph.session.byte-burst=1G",
                "heliograph.access.limits.poll.requests-per-second=0",
                "heliograph.access.limits.connect.requests-per-second=0",
                "heliograph.access.limits.accept.requests-per-second=0",
                GatewayProcess.NO_PUBLISH_LIMIT,
                "quarkus.log.file.enabled=true",
                "quarkus.log.file.path=" + LOG);
        return Stream.concat(keys, others).toArray(String[]::new);
    }
}
