package dev.heliograph.access.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.heliograph.access.AccessConfigs;
import dev.heliograph.access.Caller;
import dev.heliograph.access.Connections;
import dev.heliograph.access.Connections.Transport;
import dev.heliograph.event.Catalogue;
import dev.heliograph.fixture.HandDrivenFeed;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedTalliesTest {
    private final Vertx vertx = Vertx.vertx();
    private final Node a = new Node();
    private final Node b = new Node();

    /** One node that may have two connections of an address; what it tells is heard when the test says. */
    private final class Node {
        private final Connections connections = Connections.of(
                AccessConfigs.of("limits.max-connections-per-address", "2").limits(), new SimpleMeterRegistry());
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        private final HandDrivenFeed feed = new HandDrivenFeed() {
            @Override
            public Uni<Void> broadcast(String notice) {
                told.add(notice);
                return Uni.createFrom().voidItem();
            }
        };
        private final SharedTallies tallies = new SharedTallies(connections, feed, vertx);

        Node() {
            tallies.start();
        }

        void enter() {
            connections.enter(Caller.anonymous(new Catalogue(List.of()), false, "10.0.0.1"), Transport.SSE);
        }
    }

    @AfterEach
    void close() {
        a.tallies.leave();
        b.tallies.leave();
        vertx.close();
    }

    @Test
    void countsWhatOtherNodeToldUntilItLeaves() {
        a.enter();
        a.enter();
        String notice = tellNow(a);
        b.feed.notice(notice);
        assertThatThrownBy(b::enter).hasFieldOrPropertyWithValue("problem.type", ProblemType.TOO_MANY_CONNECTIONS);

        a.tallies.leave();
        b.feed.notice(a.told.remove());

        b.enter();
        b.enter();
    }

    @Test
    void ignoresItsOwnNoticeAndThoseThatItCannotRead() {
        a.enter();
        String own = tellNow(a);

        for (String notice : List.of(
                own,
                "revoked 1 subject:ann",
                "connections",
                "connections x",
                "connections x {",
                "connections x null",
                "connections x {\"addresses\":null,\"subjects\":[1]}",
                "connections x {\"addresses\":{\"10.0.0.1\":\"9\"}}")) {
            a.feed.notice(notice);
        }

        a.enter();
    }

    private static String tellNow(Node node) {
        node.tallies.tellNow();
        await().until(() -> !node.told.isEmpty());
        return node.told.remove();
    }
}
