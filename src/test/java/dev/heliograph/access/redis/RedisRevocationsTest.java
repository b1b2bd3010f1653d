package dev.heliograph.access.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.heliograph.access.Revocation.Kind;
import dev.heliograph.access.RevocationStore;
import dev.heliograph.access.Revocations;
import dev.heliograph.access.RevocationsContract;
import dev.heliograph.event.Catalogue;
import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.Feed;
import dev.heliograph.log.redis.RedisEngine;
import dev.heliograph.log.redis.RedisFixture;
import dev.heliograph.log.redis.RedisLink;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisRevocationsTest extends RevocationsContract {
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("orders", "order.updated")));
    private static RedisServer server;
    private RedisFixture redis;
    private Node node;
    private final List<Node> nodes = new ArrayList<>();

    /** The revocations of one node. */
    private static final class Node {
        private final Revocations inForce = new Revocations();
        private final RedisEngine engine;
        private final RedisRevocations store;

        Node(RedisFixture redis) {
            engine = redis.engine(CATALOGUE);
            store = new RedisRevocations(engine, redis.keys(), inForce, redis.vertx());
        }

        Node start() {
            Feed feed = Feed.shared(engine.feed());
            engine.start(feed);
            store.start(feed);
            return this;
        }
    }

    /** Called once for the class. */
    RedisServer startServer() {
        return RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
        server = null;
    }

    @BeforeEach
    void open() {
        if (server == null) {
            server = startServer();
        }
        redis = new RedisFixture(server);
        node = startNode(redis);
    }

    @AfterEach
    void close() {
        nodes.forEach(each -> each.store.close());
        redis.close();
    }

    private Node startNode(RedisFixture on) {
        Node started = new Node(on).start();
        nodes.add(started);
        await().atMost(LIMIT).until(() -> started.engine.isHearing() && isKnown(started));
        return started;
    }

    private static boolean isKnown(Node node) {
        try {
            request(node.inForce, CAROL);
            return true;
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    @Override
    protected Revocations inForce() {
        return node.inForce;
    }

    @Override
    protected RevocationStore store() {
        return node.store;
    }

    @Override
    protected void fill(int count) {
        RedisLink link = redis.link();
        long until = Instant.now().plusSeconds(3600).toEpochMilli();
        for (int from = 0; from < count; from += 1000) {
            var args = new ArrayList<Object>(List.of(redis.keys().revocations()));
            for (int i = from; i < Math.min(count, from + 1000); i++) {
                args.addAll(List.of(until, "subject:n" + i));
            }
            now(link.send(Command.ZADD, args.toArray()));
        }
    }

    @Test
    void tellsOtherNodes() {
        Node other = startNode(redis);

        now(node.store.revoke(revocation(Kind.SUBJECT, "alice", Duration.ofHours(1))));
        await().atMost(LIMIT).until(() -> other.inForce.isRevoked(ALICE));
        now(other.store.lift(Kind.SUBJECT, "alice"));

        await().atMost(LIMIT).until(() -> !node.inForce.isRevoked(ALICE));
    }

    @Test
    void nodeThatStartsReadsAllPages() {
        fill(2500);

        Node started = startNode(redis);

        assertThat(started.inForce.list()).hasSize(2500);
    }

    @Test
    void nodeThatHasNotReadAnythingAcceptsNobody() {
        try (var proxy = new FaultProxy(server.host(), server.port());
                var behind = new RedisFixture("redis://" + proxy.host() + ":" + proxy.port(), "away")) {
            proxy.cut();
            Node started = new Node(behind).start();
            nodes.add(started);

            assertThatThrownBy(() -> request(started.inForce, BOB)).hasMessageContaining("has not read yet");
            proxy.heal();

            await().atMost(LIMIT).until(() -> isKnown(started));
        }
    }

    @Test
    void findsNoticesMissedWhileItsFeedWasAway() {
        try (var proxy = new FaultProxy(server.host(), server.port());
                var behind = new RedisFixture(
                        "redis://" + proxy.host() + ":" + proxy.port(),
                        redis.keys().prefix())) {
            now(node.store.revoke(revocation(Kind.SUBJECT, "bob", Duration.ofHours(1))));
            Node other = startNode(behind);
            proxy.cut();
            await().atMost(LIMIT).until(() -> !other.engine.isHearing());

            now(node.store.revoke(revocation(Kind.SUBJECT, "alice", Duration.ofHours(1))));
            now(node.store.lift(Kind.SUBJECT, "bob"));
            assertThat(other.inForce.isRevoked(ALICE)).isFalse();
            assertThat(other.inForce.isRevoked(BOB)).isTrue();
            proxy.heal();

            await().atMost(LIMIT).until(() -> other.inForce.isRevoked(ALICE) && !other.inForce.isRevoked(BOB));
        }
    }

    /** Whoever may publish in Redis may send anything. */
    @Test
    void ignoresOtherNotices() {
        for (String notice : List.of(
                "",
                "revoked",
                "revoked x subject:alice",
                "revoked 1",
                "revoked 99999999999999999999 key:k",
                "lifted x",
                "?")) {
            node.store.onNotice(notice);
        }
        now(node.store.revoke(revocation(Kind.KEY, "last", Duration.ofHours(1))));

        assertThat(node.inForce.list()).hasSize(1);
    }

    @Test
    void forgetsInRedisWhatEndedLongAgo() {
        RedisLink link = redis.link();
        long longAgo = Instant.now().minusSeconds(2 * 3600).toEpochMilli();
        now(link.send(Command.ZADD, redis.keys().revocations(), longAgo, "subject:old"));

        now(node.store.revoke(revocation(Kind.SUBJECT, "alice", Duration.ofHours(1))));

        assertThat(now(link.send(Command.ZCARD, redis.keys().revocations())).toLong())
                .isEqualTo(1);
    }
}
