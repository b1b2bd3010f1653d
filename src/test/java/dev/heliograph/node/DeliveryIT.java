package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Ledger;
import dev.heliograph.fixture.ListeningClient;
import dev.heliograph.fixture.ListeningClient.Plan;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.fixture.Telling;
import dev.heliograph.fixture.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readiness says whether events are really delivered. Clients stay connected, and miss nothing. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DeliveryIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** A deaf connection is replaced meanwhile, and the new one is deaf as well. */
    private static final Duration LONGER_THAN_A_CONNECTION = Duration.ofSeconds(15);

    private static final String CHECK = "event delivery";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static RedisServer redis;
    private static FaultProxy network;
    private static GatewayProcess node;
    private static GatewayProcess other;

    private final String channel = "orders-" + UUID.randomUUID();
    private final Ledger ledger = new Ledger();
    private List<ListeningClient> clients = List.of();

    @BeforeAll
    static void startNodes() {
        redis = RedisServer.startProcess(false);
        network = FaultProxy.ofRedis(redis);
        node = GatewayProcess.start("-Xmx256m", "quarkus.redis.hosts=redis://" + network.host() + ":" + network.port());
        other = GatewayProcess.start("-Xmx256m", "quarkus.redis.hosts=" + redis.uri());
    }

    @AfterAll
    static void endNodes() {
        node.close();
        other.close();
        network.close();
        redis.close();
    }

    @AfterEach
    void endClients() {
        network.heal();
        clients.forEach(ListeningClient::close);
    }

    @Test
    void wedgedFeedTurnsReadinessOffUntilItHeals() {
        listen();
        publish(10);

        long wedged = System.nanoTime();
        network.swallowMessages();
        publish(10);
        await().atMost(LIMIT).until(() -> !isReady());
        System.out.printf("Readiness is off %d ms after the feed%n", (System.nanoTime() - wedged) / 1_000_000);
        await().atMost(LIMIT).until(() -> reason().contains("a probe was not heard for "));
        await().during(LONGER_THAN_A_CONNECTION).atMost(LIMIT).until(() -> !isReady() && isUp("live"));
        publish(10);
        network.heal();
        await().atMost(LIMIT).until(DeliveryIT::isReady);
        publish(10);

        assertComplete();
    }

    @Test
    void lostRedisTurnsReadinessOffButNotLiveness() throws Exception {
        listen();
        publish(10);

        network.cut();
        await().atMost(LIMIT).until(() -> reason().contains("no connection to Redis"));
        publish(10);
        assertThat(isUp("live")).isTrue();
        network.heal();
        await().atMost(LIMIT).until(DeliveryIT::isReady);
        publish(10);

        assertComplete();
        assertThat(new GatewayHttp(node.httpUri()).get("/q/metrics"))
                .contains("heliograph_log_reconnects_total{connection=\"feed\"}")
                .doesNotContain("heliograph_log_reconnects_total{connection=\"feed\"} 0.0");
    }

    @Test
    void probesLeaveNothingBehindAndCountNowhere() throws Exception {
        await().atMost(LIMIT).until(() -> metric(other, "heliograph_node_probe_lag_seconds_count") >= 2);

        assertThat(metric(other, "heliograph_node_probe_age_seconds")).isLessThan(LIMIT.toSeconds());
        assertThat(metric(other, "heliograph_hub_channels")).isZero();
        assertThat(metric(other, "heliograph_hub_subscriptions")).isZero();
        try (var backend = new RedisBackend(redis)) {
            String log = "heliograph:{_probe}:log:_probe";
            assertThat((long) backend.send("XLEN", log)).isLessThanOrEqualTo(16);
            assertThat((long) backend.send("PTTL", log)).isPositive();
            assertThat((List<?>) backend.send("KEYS", "heliograph:{_probe}:*")).hasSize(3);
        }
        assertThat(new GatewayHttp(other.httpUri()).get("/api/realtime/poll?channel=_probe"))
                .contains("unknown-namespace")
                .doesNotContain("_probe,");
    }

    @Test
    void oldestRedisCarriesProbes() throws Exception {
        try (RedisServer oldest = RedisServer.embedded62();
                var gateway = GatewayProcess.start("-Xmx256m", "quarkus.redis.hosts=" + oldest.uri())) {
            await().atMost(LIMIT).until(() -> metric(gateway, "heliograph_node_probe_lag_seconds_count") >= 1);
        }
    }

    @Test
    void nodeWithoutProbesIsReady() throws Exception {
        try (var gateway = GatewayProcess.start("-Xmx256m", "heliograph.delivery.probe-interval=0")) {
            assertThat(new GatewayHttp(gateway.httpUri()).get("/q/health/ready"))
                    .contains("event delivery")
                    .doesNotContain("DOWN", "probeAgeMillis");
            assertThat(metric(gateway, "heliograph_node_probe_lag_seconds_count"))
                    .isZero();
        }
    }

    private void listen() {
        await().atMost(LIMIT).until(DeliveryIT::isReady);
        clients = Stream.of(Wire.WEB_SOCKET, Wire.SSE, Wire.POLL)
                .map(wire -> ListeningClient.start(Plan.of(channel), wire, node.port()))
                .toList();
        clients.forEach(client -> await().atMost(LIMIT).until(client::isListening));
    }

    private void publish(int count) {
        ledger.publish(new GatewayHttp(other.httpUri()), channel, "order.updated", count);
    }

    private void assertComplete() {
        for (ListeningClient client : clients) {
            new Telling(ledger, client, channel).assertComplete();
        }
        assertThat(clients.get(0).connections()).isEqualTo(1);
        assertThat(clients.get(1).connections()).isEqualTo(1);
    }

    private static boolean isReady() {
        return isUp("ready");
    }

    private static boolean isUp(String kind) {
        return health(kind).path("status").asText().equals("UP");
    }

    /** Why the node is not ready; empty if it is. */
    private static String reason() {
        return StreamSupport.stream(health("ready").path("checks").spliterator(), false)
                .filter(check -> check.path("name").asText().equals(CHECK))
                .findAny()
                .orElseThrow()
                .at("/data/reason")
                .asText();
    }

    private static JsonNode health(String kind) {
        try {
            return JSON.readTree(new GatewayHttp(node.httpUri()).get("/q/health/" + kind));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double metric(GatewayProcess gateway, String name) throws IOException {
        return new GatewayHttp(gateway.httpUri()).metric(name);
    }
}
