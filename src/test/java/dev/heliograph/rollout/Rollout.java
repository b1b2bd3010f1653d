package dev.heliograph.rollout;

import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A rolling restart of two gateways on one Redis under a crowd of clients: one after the other is ended by SIGTERM, and a new
 * process takes its place.
 *
 * @param window in which a node moves its clients
 * @param calm how long the new nodes get warm, and how long the crowd is watched before, between and after the restarts
 * @param replacement a binary that takes the place of both; empty: the program that was there
 */
public record Rollout(
        int clients, int channels, int eventsPerSecond, Duration window, Duration calm, Optional<Path> replacement) {
    /** By how much the shutdown delay is longer than the window: the clients' longest wait, and some more. */
    private static final Duration AFTER_WINDOW = Duration.ofSeconds(2);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /**
     * What came of it.
     *
     * @param missing events that a client was not told of, of all clients together
     * @param twice events that a client was told of once more
     * @param cpuBefore how long both nodes together had a core before the first stopped
     */
    public record Outcome(List<Phase> phases, List<Stop> stops, long missing, long twice, Duration cpuBefore) {}

    /** The end of one node. */
    public record Stop(int exitCode, Duration took) {}

    /** How long a node serves after SIGTERM. */
    public Duration delay() {
        return window.plus(AFTER_WINDOW);
    }

    public Outcome run() {
        try (var redis = RedisServer.start();
                var a = gateway(redis);
                var b = gateway(redis);
                var crowd = new Crowd(clients, channels, List.of(a.port(), b.port()))) {
            crowd.awaitListening(LIMIT);
            var publisher = new SteadyPublisher(
                    List.of(new GatewayHttp(a.httpUri()), new GatewayHttp(b.httpUri())), channels, eventsPerSecond);
            var stops = new ArrayList<Stop>();
            crowd.begin("warm-up");
            pause();
            crowd.begin("before");
            Duration cpu = a.cpu().plus(b.cpu());
            pause();
            Duration cpuBefore = a.cpu().plus(b.cpu()).minus(cpu);
            for (GatewayProcess node : List.of(a, b)) {
                crowd.begin("node stops");
                long begin = System.nanoTime();
                int exitCode = node.stop();
                stops.add(new Stop(exitCode, Duration.ofNanos(System.nanoTime() - begin)));
                crowd.begin("node starts");
                replacement.ifPresentOrElse(node::startAgainAs, node::startAgain);
                crowd.awaitListening(LIMIT);
                crowd.begin("after");
                pause();
            }
            List<Long> published = publisher.stop();
            return new Outcome(crowd.phases(), stops, missing(crowd, published), crowd.twice(), cpuBefore);
        }
    }

    private GatewayProcess gateway(RedisServer redis) {
        return GatewayProcess.start(
                "-Xmx512m",
                GatewayProcess.NO_PUBLISH_LIMIT,
                "heliograph.access.limits.poll.requests-per-second=0",
                "quarkus.redis.hosts=" + redis.uri(),
                "heliograph.session.drain-window=" + window.toSeconds() + "s",
                "quarkus.shutdown.delay=" + delay().toSeconds() + "s");
    }

    private static long missing(Crowd crowd, List<Long> published) {
        try {
            await().atMost(LIMIT).until(() -> crowd.missing(published) == 0);
            return 0;
        } catch (ConditionTimeoutException some) {
            return crowd.missing(published);
        }
    }

    private void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(calm.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
