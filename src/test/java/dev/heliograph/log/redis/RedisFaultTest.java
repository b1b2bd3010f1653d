package dev.heliograph.log.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.FaultProxy.Direction;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Position;
import dev.heliograph.log.RecordingListener;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of log and feed when the way to Redis, or Redis itself, fails. */
class RedisFaultTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Channel CHANNEL = new Channel("orders-1");
    private static final Command REPLICAOF = Command.create("REPLICAOF");
    private static final String TYPE = "order.updated";
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("orders", TYPE)));

    private RedisServer server;
    private FaultProxy proxy;
    private RedisFixture viaProxy;
    private RedisFixture direct;
    private RedisEventLog log;
    private RedisFeed feed;
    private final RecordingListener heard = new RecordingListener();

    @BeforeEach
    void open() {
        server = RedisServer.startProcess(true);
        proxy = new FaultProxy(server.host(), server.port());
        viaProxy = new RedisFixture("redis://" + proxy.host() + ":" + proxy.port(), "faults", TIMEOUT);
        direct = new RedisFixture(server.uri(), "faults");
        log = viaProxy.log(CATALOGUE);
        feed = viaProxy.feed();
        feed.listen(heard);
        now(feed.follow(CHANNEL));
    }

    @AfterEach
    void close() {
        proxy.heal();
        viaProxy.close();
        direct.close();
        proxy.close();
        server.close();
    }

    @Test
    void aKilledFeedConnectionIsReplacedAndCastsDoubt() {
        now(direct.link().send(Command.CLIENT, "KILL", "TYPE", "pubsub"));

        await().atMost(LIMIT).until(() -> heard.doubts() == 1);
        Position position = now(append()).position();
        await().atMost(LIMIT).until(() -> heard.entries(CHANNEL).size() == 1);
        assertThat(heard.entries(CHANNEL).get(0).position()).isEqualTo(position);
        assertThat(feed.isHealthy()).isTrue();
    }

    @Test
    void aDeafConnectionIsNoticedAndReplaced() {
        proxy.stall(Direction.TO_CLIENT);
        await().atMost(LIMIT).until(() -> !feed.isHealthy());

        proxy.heal();

        await().atMost(LIMIT).until(() -> heard.doubts() >= 1);
        Position position = now(append()).position();
        await().atMost(LIMIT).until(() -> heard.entries(CHANNEL).stream()
                .anyMatch(entry -> entry.position().equals(position)));
    }

    @Test
    void theFeedIsNotTrustedUntilItsListenerHasDoubted() {
        var trustedWhenInDoubt = new CompletableFuture<Boolean>();
        await().atMost(LIMIT).until(feed::isTrusted);
        feed.listen(new Feed.Listener() {
            @Override
            public void onDoubt() {
                trustedWhenInDoubt.complete(feed.isTrusted());
            }
        });

        now(direct.link().send(Command.CLIENT, "KILL", "TYPE", "pubsub"));

        assertThat(trustedWhenInDoubt).succeedsWithin(LIMIT).isEqualTo(false);
        await().atMost(LIMIT).until(feed::isTrusted);
    }

    @Test
    void probesKeepAQuietFeedHealthy() {
        var listener = new RecordingListener();
        try (var patient = new RedisFixture(server.uri(), "faults", LIMIT)) {
            RedisFeed quiet = patient.feed();
            quiet.listen(listener);
            now(quiet.follow(CHANNEL));

            Duration some = RedisFixture.PROBE_INTERVAL.dividedBy(2);
            for (int probe = 0; probe < 3; probe++) {
                awaitQuickly(() -> quiet.sinceLastHeard().compareTo(some) > 0);
                awaitQuickly(() -> quiet.sinceLastHeard().compareTo(some) < 0);
            }
            assertThat(quiet.isHealthy()).isTrue();
            assertThat(listener.doubts()).isZero();
        }
    }

    @Test
    void aFollowWaitsForTheConnectionToComeBack() {
        Channel later = new Channel("orders-later");
        proxy.cut();
        await().atMost(LIMIT).until(() -> !feed.isHealthy());
        var following = feed.follow(later).subscribeAsCompletionStage();
        assertThat(following).isNotDone();

        proxy.heal();

        assertThat(following).succeedsWithin(LIMIT);
        assertThat(heard.doubts()).isEqualTo(1);
    }

    @Test
    void anUnreachableRedisIsToldAsSuch() {
        now(append());
        proxy.cut();

        assertThat(problemOf(append())).isEqualTo(ProblemType.LOG_UNAVAILABLE);
    }

    @Test
    void aSilentRedisIsToldAsATimeout() {
        now(append());
        proxy.stall(Direction.TO_CLIENT);

        assertThat(problemOf(append())).isEqualTo(ProblemType.LOG_TIMEOUT);
    }

    @Test
    void appendsSucceedAgainOnceTheNetworkHeals() {
        now(append());
        proxy.stall(Direction.TO_SERVER, Direction.TO_CLIENT);
        problemOf(append());
        proxy.closeConnections();

        proxy.heal();

        await().atMost(LIMIT).until(() -> problemOf(append()) == null);
    }

    @Test
    void aSlowNetworkDeliversInOrder() {
        RedisEventLog otherNode = direct.log(CATALOGUE);
        var listener = new RecordingListener();
        // So patient that no connection is replaced: what would be missed then comes only to those who heal.
        try (var patient = new RedisFixture("redis://" + proxy.host() + ":" + proxy.port(), "faults", LIMIT)) {
            RedisFeed slow = patient.feed();
            slow.listen(listener);
            now(slow.follow(CHANNEL));
            proxy.trickle(500, Direction.TO_CLIENT);

            IntStream.range(0, 5).forEach(i -> now(otherNode.append(event(), null)));

            await().atMost(LIMIT).until(() -> listener.entries(CHANNEL).size() == 5);
            assertThat(listener.entries(CHANNEL)).extracting(e -> e.offset()).containsExactly(1L, 2L, 3L, 4L, 5L);
            proxy.heal();
        }
    }

    @Test
    void aRestartedRedisGoesOnWhereItWas() {
        Position before = now(append()).position();
        await().atMost(LIMIT).until(() -> heard.entries(CHANNEL).size() == 1);

        server.kill();
        server.startAgain();

        await().atMost(LIMIT).until(() -> heard.doubts() >= 1);
        Position after = now(append()).position();
        assertThat(after.offset()).isEqualTo(2);
        assertThat(now(log.since(CHANNEL, before, 10)).gap()).isEmpty();
        await().atMost(LIMIT).until(() -> heard.entries(CHANNEL).size() == 2);
    }

    @Test
    void aMasterThatBecameAReplicaIsLeftForAnotherConnection() {
        RedisLink link = becomeReplica();
        int before = connectionsEver(link);

        await().atMost(LIMIT)
                .until(() -> problemOf(append()) == ProblemType.LOG_UNAVAILABLE && connectionsEver(link) > before);

        now(link.send(REPLICAOF, "NO", "ONE"));
        assertThat(now(append()).position().offset()).isEqualTo(2);
    }

    /** Others are at work on it, too. */
    @Test
    void aReplicaIsNotLeftAgainAtOnce() {
        RedisLink link = becomeReplica();
        int before = connectionsEver(link);

        long tries = IntStream.range(0, 100)
                .filter(i -> problemOf(append()) == ProblemType.LOG_UNAVAILABLE)
                .count();

        assertThat(tries).isEqualTo(100);
        assertThat(connectionsEver(link) - before).isLessThan(50);
    }

    @Test
    void aFullRedisIsToldAsUnavailable() {
        RedisLink link = direct.link();
        now(link.send(Command.CONFIG, "SET", "maxmemory", "1"));

        assertThat(problemOf(append())).isEqualTo(ProblemType.LOG_UNAVAILABLE);
        now(link.send(Command.CONFIG, "SET", "maxmemory", "0"));
        assertThat(now(append()).position().offset()).isEqualTo(1);
    }

    private static void awaitQuickly(Callable<Boolean> condition) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    /** After an append. Nobody but the log opens connections from then on. */
    private RedisLink becomeReplica() {
        RedisLink link = direct.link();
        feed.close();
        now(append());
        now(link.send(REPLICAOF, "127.0.0.1", "1"));
        return link;
    }

    private static int connectionsEver(RedisLink link) {
        return now(link.send(Command.INFO, "stats"))
                .toString()
                .lines()
                .filter(line -> line.startsWith("total_connections_received:"))
                .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1)))
                .sum();
    }

    private Uni<Accepted> append() {
        return log.append(event(), null);
    }

    private static Event event() {
        byte[] data = "{}".getBytes(StandardCharsets.UTF_8);
        return new Event(UUID.randomUUID().toString(), CHANNEL, TYPE, Instant.EPOCH, data);
    }

    private static ProblemType problemOf(Uni<Accepted> append) {
        return now(append.onItemOrFailure()
                .transform((accepted, failure) -> failure == null
                        ? null
                        : ((ProblemException) failure).problem().type()));
    }

    private static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
