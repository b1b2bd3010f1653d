package dev.heliograph.publish.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.FaultProxy.Direction;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.redis.RedisEventLog;
import dev.heliograph.log.redis.RedisFixture;
import dev.heliograph.log.redis.RedisGuard;
import dev.heliograph.log.redis.RunningRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a node stops that has heard raw messages and has no heir. */
class RawDrainTest extends RunningRedis {
    private static final Channel CHANNEL = new Channel("orders-123");
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("orders", 1000, "order.updated")));
    private static final Duration TICK = Duration.ofMillis(750);
    /** Longer than a stall of the machine, so that it does not end by itself. */
    private static final Duration LEASE = TICK.multipliedBy(4);

    /** Its {@code PUBSUB NUMPAT} counts our listeners alone. */
    @Override
    protected RedisServer startServer() {
        return RedisServer.startProcess(false);
    }

    @Test
    void takesBackNoLeaseThatItHasFreed() throws Exception {
        try (var toLog = new FaultProxy(server.host(), server.port());
                var toNode = new FaultProxy(server.host(), server.port());
                var ofLog = through(toLog);
                var ofNode = through(toNode)) {
            RawIngest node = start(ofNode, ofLog.log(CATALOGUE));
            toLog.stall(Direction.TO_CLIENT);
            publish(1);
            CompletableFuture<Void> closed = close(node);
            awaitDeaf();

            // It frees the lease now, and does not hear that it is free.
            toNode.stall(Direction.TO_CLIENT);
            toLog.heal();

            await().pollInterval(Duration.ofMillis(5)).atMost(LIMIT).until(() -> !isHeld());
            await("not taken back").during(TICK.multipliedBy(2)).atMost(LIMIT).until(() -> !isHeld());
            toNode.heal();
            await().atMost(LIMIT).until(closed::isDone);
            assertThat(appended()).isEqualTo(1);
        }
    }

    @Test
    void appendsMessagesItHeardWhereItMayAskForNoHeir() {
        now(link.send(Command.create("ACL"), "SETUSER", "mute", "reset", "on", ">x", "~*", "&*", "+@all", "-publish"));
        try (var mute = new RedisFixture(
                server.uri().replace("redis://", "redis://mute:x@"),
                redis.keys().prefix())) {
            RawIngest node = start(mute, redis.log(CATALOGUE));
            publish(200);

            close(node).join();

            assertThat(appended()).isEqualTo(200);
            assertThat(isHeld()).isFalse();
        }
    }

    private RedisFixture through(FaultProxy proxy) {
        return new RedisFixture(
                "redis://" + proxy.host() + ":" + proxy.port(), redis.keys().prefix());
    }

    /** Once it listens. */
    private RawIngest start(RedisFixture its, RedisEventLog log) {
        var config = new IngestOptions(LEASE, 1000, 1 << 20);
        var node = new RawIngest(
                its.vertx(),
                its.client(),
                its.config(),
                config,
                CATALOGUE,
                log,
                new RedisGuard(),
                new SimpleMeterRegistry());
        node.start();
        await().atMost(LIMIT)
                .until(() -> now(link.send(Command.PUBSUB, "NUMPAT")).toInteger() == 1);
        return node;
    }

    private static CompletableFuture<Void> close(RawIngest node) {
        return node.close().ifNoItem().after(LIMIT.multipliedBy(3)).fail().subscribeAsCompletionStage();
    }

    private void publish(int count) {
        for (int n = 0; n < count; n++) {
            now(link.send(Command.PUBLISH, CHANNEL.name(), "{\"type\":\"order.updated\",\"n\":" + n + "}"));
        }
    }

    private boolean isHeld() {
        return now(link.send(Command.EXISTS, redis.keys().lease("orders"))).toInteger() == 1;
    }

    private long appended() {
        return now(redis.log(CATALOGUE).since(CHANNEL, null, 1)).top().offset();
    }

    /** Until it has closed the connection on which it heard. */
    private void awaitDeaf() {
        await().atMost(LIMIT).until(() -> now(link.send(Command.CLIENT, "LIST", "TYPE", "pubsub"))
                .toString()
                .isBlank());
    }
}
