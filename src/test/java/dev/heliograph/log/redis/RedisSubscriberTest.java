package dev.heliograph.log.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.FaultProxy.Direction;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules that all users of a subscriber rely on; {@link RedisFaultTest} has those of the feed. */
class RedisSubscriberTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static RedisServer server;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger restored = new AtomicInteger();
    private final Counter reconnects = RedisSubscriber.reconnects("test", new SimpleMeterRegistry());
    private FaultProxy proxy;
    private RedisFixture viaProxy;
    private RedisLink direct;
    private RedisFixture behindProxy;
    private RedisSubscriber subscriber;

    @BeforeAll
    static void startServer() {
        server = RedisServer.startProcess(false);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() {
        proxy = new FaultProxy(server.host(), server.port());
        // So patient that no connection is replaced unless it is cut.
        viaProxy = new RedisFixture("redis://" + proxy.host() + ":" + proxy.port(), "subscriber", LIMIT);
        behindProxy = new RedisFixture(server.uri(), "subscriber");
        direct = behindProxy.link();
        subscriber = new RedisSubscriber(
                viaProxy.vertx().getOrCreateContext(),
                viaProxy.client(),
                viaProxy.link(),
                viaProxy.config(),
                "the test",
                reconnects,
                restored::incrementAndGet);
        subscriber.start();
        subscriber.subscribe("jobs", this::hear);
        now(subscriber.confirmed("jobs"));
    }

    @AfterEach
    void close() {
        subscriber.close();
        proxy.heal();
        viaProxy.close();
        behindProxy.close();
        proxy.close();
    }

    @Test
    void namesTheChannelOfEachMessage() {
        subscriber.subscribe("jobs-*", this::hear);
        now(subscriber.confirmed());

        publish("jobs", "1");
        publish("jobs-7", "2");
        publish("jobs", "3");

        await().atMost(LIMIT).until(() -> heard.size() == 3);
        assertThat(heard).containsExactly("jobs 1", "jobs-7 2", "jobs 3");
    }

    @Test
    void handlesMessagesUntilRedisConfirmsTheEnd() {
        proxy.stall(Direction.TO_CLIENT);
        publish("jobs", "1");

        subscriber.unsubscribe("jobs");
        var ended = subscriber.confirmed().subscribeAsCompletionStage();
        await().atMost(LIMIT).until(() -> hearers("jobs") == 0);
        assertThat(ended).isNotDone();
        proxy.heal();

        assertThat(ended).succeedsWithin(LIMIT);
        assertThat(heard).containsExactly("jobs 1");
    }

    @Test
    void subscribesAgainAfterAnEndThatIsNotConfirmed() {
        subscriber.unsubscribe("jobs");
        subscriber.subscribe("jobs", this::hear);
        now(subscriber.confirmed("jobs"));

        publish("jobs", "1");

        await().atMost(LIMIT).until(() -> heard.equals(List.of("jobs 1")));
    }

    @Test
    void restoresAllSubscriptionsBeforeItSaysSo() {
        now(direct.send(Command.CLIENT, "KILL", "TYPE", "pubsub"));

        await().atMost(LIMIT).until(() -> restored.get() == 1);
        assertThat(reconnects.count()).isEqualTo(1);
        publish("jobs", "1");
        await().atMost(LIMIT).until(() -> heard.equals(List.of("jobs 1")));
    }

    @Test
    void letsWaitersGoWithTheirSubscriptionWhileThereIsNoConnection() {
        proxy.cut();
        await().atMost(LIMIT).until(() -> !subscriber.isHealthy());
        subscriber.subscribe("later", this::hear);
        var waiting = subscriber.confirmed("later").subscribeAsCompletionStage();
        assertThat(waiting).isNotDone();

        subscriber.unsubscribe("later");

        assertThat(waiting).succeedsWithin(LIMIT);
    }

    @Test
    void waitsForNoConfirmationsWithoutAConnection() {
        proxy.cut();
        await().atMost(LIMIT).until(() -> !subscriber.isHealthy());

        assertThat(subscriber.confirmed().subscribeAsCompletionStage()).succeedsWithin(LIMIT);
    }

    @Test
    void failsWaitersWhenItCloses() {
        proxy.cut();
        await().atMost(LIMIT).until(() -> !subscriber.isHealthy());
        var waiting = subscriber.confirmed("jobs").subscribeAsCompletionStage();

        subscriber.close();

        assertThat(waiting).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(ProblemException.class);
    }

    @Test
    void hearsAllButWhatItsUserMayNotHear() {
        var acl = Command.create("ACL");
        now(direct.send(acl, "SETUSER", "limited", "reset", "on", ">x", "+@all", "~*", "&*subscriber*", "&jobs"));
        var limitedUri = server.uri().replace("redis://", "redis://limited:x@");
        var regained = new AtomicInteger();
        try (var redis = new RedisFixture(limitedUri, "subscriber", Duration.ofSeconds(1))) {
            var limited = new RedisSubscriber(
                    redis.vertx().getOrCreateContext(),
                    redis.client(),
                    redis.link(),
                    redis.config(),
                    "it",
                    new SimpleMeterRegistry().counter("reconnects"),
                    regained::incrementAndGet);
            limited.start();
            for (String name : List.of("denied-*", "denied", "jobs")) {
                limited.subscribe(name, this::hear);
            }
            await().atMost(LIMIT).until(() -> hearers("jobs") == 2);
            now(limited.confirmed());
            assertThat(limited.isHealthy()).isTrue();
            assertThat(hearers("denied")).isZero();
            var waiting = limited.confirmed("denied").subscribeAsCompletionStage();
            assertThat(waiting).isNotDone();

            now(direct.send(acl, "SETUSER", "limited", "&denied", "&denied-*"));

            assertThat(waiting).succeedsWithin(LIMIT);
            assertThat(hearers("denied")).isEqualTo(1);
            await().atMost(LIMIT).until(() -> regained.get() > 0);
            limited.close();
        }
    }

    private int hearers(String channel) {
        return now(direct.send(Command.PUBSUB, "NUMSUB", channel)).get(1).toInteger();
    }

    private void hear(String channel, byte[] message) {
        heard.add(channel + " " + new String(message, UTF_8));
    }

    private void publish(String channel, String message) {
        assertThat(now(direct.send(Command.PUBLISH, channel, message)).toInteger())
                .isEqualTo(1);
    }

    private static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
