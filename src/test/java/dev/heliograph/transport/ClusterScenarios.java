package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Ledger;
import dev.heliograph.fixture.ListeningClient;
import dev.heliograph.fixture.ListeningClient.Plan;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.fixture.Telling;
import dev.heliograph.fixture.Told;
import dev.heliograph.fixture.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for a client over every wire: two gateways on one Redis, of which each may fail. */
abstract class ClusterScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static RedisServer redis;
    private static FaultProxy redisNetwork;
    private static GatewayProcess nodeA;
    private static GatewayProcess nodeB;

    private final String channel = "orders-" + UUID.randomUUID();
    private final Ledger ledger = new Ledger();
    private ListeningClient client;

    abstract Wire wire();

    @BeforeAll
    static void startNodes() {
        redis = RedisServer.startProcess(false);
        redisNetwork = new FaultProxy(redis.host(), redis.port());
        nodeA = startNode();
        nodeB = startNode();
    }

    private static GatewayProcess startNode() {
        return GatewayProcess.start(
                "-Xmx256m", "quarkus.redis.hosts=redis://" + redisNetwork.host() + ":" + redisNetwork.port());
    }

    @AfterAll
    static void endNodes() {
        nodeA.close();
        nodeB.close();
        redisNetwork.close();
        redis.close();
    }

    @AfterEach
    void endClient() {
        if (client != null) {
            client.close();
        }
    }

    @Test
    void clientOfOneNodeIsToldEventsThatTheOtherAccepted() {
        listen(nodeA);

        publish(nodeB, 20);
        publish(nodeA, 20);
        publish(nodeB, 20);

        assertComplete();
        assertThat(client.connections()).isEqualTo(1);
    }

    @Test
    void nothingIsLostWhileRedisIsCutOff() throws Exception {
        listen(nodeA);
        publish(nodeB, 10);

        var publishing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 50; i++) {
                publish(i % 2 == 0 ? nodeA : nodeB, 5);
            }
        });
        redisNetwork.cut();
        await().atMost(LIMIT).until(() -> isDown(nodeA) && isDown(nodeB));
        redisNetwork.heal();
        publishing.get();

        assertComplete();
    }

    @Test
    void clientOfAKilledNodeGoesOnAtAnother() {
        listen(nodeB, nodeA);
        publish(nodeA, 10);
        assertComplete();

        nodeB.kill();
        try {
            publish(nodeA, 30);

            assertComplete();
            assertThat(client.connections()).isGreaterThan(1);
        } finally {
            nodeB.startAgain();
        }
    }

    @Test
    void gapIsToldWhenTheLogBeginsANewLife() throws IOException {
        listen(nodeA);
        publish(nodeB, 5);
        assertComplete();

        try (var backend = new RedisBackend(redis)) {
            backend.send("DEL", "heliograph:{orders}:top:" + channel, "heliograph:{orders}:log:" + channel);
        }
        publish(nodeB, 5);

        new Telling(ledger, client, channel).assertTrue();
        assertThat(client.gaps(channel)).extracting(Told.Gap::reason).containsExactly("epoch-changed");
        assertThat(client.events(channel)).isEqualTo(ledger.accepted(channel));
    }

    private void listen(GatewayProcess first, GatewayProcess... others) {
        int[] ports = new int[1 + others.length];
        ports[0] = first.port();
        for (int i = 0; i < others.length; i++) {
            ports[i + 1] = others[i].port();
        }
        client = ListeningClient.start(Plan.of(channel), wire(), ports);
        await().atMost(LIMIT).until(client::isListening);
    }

    private static boolean isDown(GatewayProcess node) throws IOException {
        return new GatewayHttp(node.httpUri()).get("/q/health/ready").contains("DOWN");
    }

    private void publish(GatewayProcess node, int count) {
        ledger.publish(new GatewayHttp(node.httpUri()), channel, "order.updated", count);
    }

    private void assertComplete() {
        new Telling(ledger, client, channel).assertComplete();
    }
}
