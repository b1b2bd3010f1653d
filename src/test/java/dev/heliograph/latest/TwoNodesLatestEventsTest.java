package dev.heliograph.latest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.heliograph.cache.CorrectingLog;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.latest.LatestEvents.Latest;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Position;
import dev.heliograph.log.redis.RedisFixture;
import dev.heliograph.log.redis.RedisLink;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stores of two nodes on one Redis. */
class TwoNodesLatestEventsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Channel CHANNEL = new Channel("orders-123");
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("orders", "order.updated")));

    private static RedisServer server;
    private RedisFixture redis;
    private EventLog log;
    private LatestEvents here;
    private LatestEvents there;

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
        redis = new RedisFixture(server);
        // The first command of a process loads classes, which may take longer than a node's timeout.
        redis.link().send(Command.PING).await().atMost(LIMIT);
        log = redis.log(CATALOGUE);
        here = node();
        there = node();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private LatestEvents node() {
        return new LatestEvents(
                CATALOGUE,
                new CorrectingLog(redis.log(CATALOGUE), null),
                Feed.shared(redis.feed()),
                1 << 20,
                HandDrivenStore.COMPARE_INTERVAL,
                new SimpleMeterRegistry(),
                Ticker.systemTicker());
    }

    @Test
    void eventOfOneNodeReachesTheCacheOfTheOther() {
        Position first = append();
        assertThat(latest(there)).isEqualTo(first);
        assertThat(latest(here)).isEqualTo(first);

        Position second = append();

        await().atMost(LIMIT)
                .until(() -> latest(here).equals(second) && latest(there).equals(second));
        assertThat(here.statistics().misses()).isEqualTo(1);
        assertThat(there.statistics().misses()).isEqualTo(1);
    }

    @Test
    void anInvalidationReachesTheOtherNode() {
        append();
        latest(here);
        latest(there);

        here.invalidate(Invalidation.ofPattern("orders-*")).await().atMost(LIMIT);

        assertThat(here.statistics().entries()).isZero();
        await().atMost(LIMIT).until(() -> there.statistics().entries() == 0);
        assertThat(ask(there).cached()).isFalse();
        assertThat(ask(there).cached()).isTrue();
    }

    @Test
    void aFeedThatWasAwayDropsKeptEvents() {
        append();
        latest(here);
        RedisLink link = redis.link();

        link.send(Command.CLIENT, "KILL", "TYPE", "pubsub").await().atMost(LIMIT);
        Position missed = append();

        await().atMost(LIMIT).until(() -> latest(here).equals(missed));
        Position next = append();
        await().atMost(LIMIT).until(() -> latest(here).equals(next));
        assertThat(here.statistics().misses()).isEqualTo(2);
    }

    private Position append() {
        byte[] data = "{}".getBytes(UTF_8);
        return log.append(new Event("id", CHANNEL, "order.updated", Instant.EPOCH, data), null)
                .await()
                .atMost(LIMIT)
                .position();
    }

    private static Position latest(LatestEvents store) {
        return ask(store).entry().map(Entry::position).orElseThrow();
    }

    private static Latest ask(LatestEvents store) {
        return store.latest(CHANNEL, Set.of()).await().atMost(LIMIT);
    }
}
