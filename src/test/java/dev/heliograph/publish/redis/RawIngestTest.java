package dev.heliograph.publish.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import dev.heliograph.log.redis.RedisEventLog;
import dev.heliograph.log.redis.RedisGuard;
import dev.heliograph.log.redis.RunningRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of raw {@code PUBLISH}. Waits for a node to listen are by {@code PUBSUB NUMPAT}: this server is ours. */
class RawIngestTest extends RunningRedis {
    /** Longer than any stall of the machine, so that nobody loses it unasked. */
    private static final Duration LEASE = Duration.ofSeconds(10);

    private static final Channel CHANNEL = new Channel("orders-123");
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("orders", 1000, "order.updated")));

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<RawIngest> nodes = new ArrayList<>();
    private RedisEventLog log;

    @Override
    protected RedisServer startServer() {
        return RedisServer.startProcess(false);
    }

    @BeforeEach
    void open() {
        log = redis.log(CATALOGUE);
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> now(node.close()));
        awaitListeners(0);
    }

    @Test
    void aRawMessageBecomesAnEvent() {
        start();

        publish("orders-123", "{\"type\":\"order.updated\",\"order\":{\"id\":1}}");

        await().atMost(LIMIT).until(() -> payloads(CHANNEL).size() == 1);
        assertThat(payloads(CHANNEL).get(0)).contains("\"type\":\"order.updated\"", "\"data\":{\"order\":{\"id\":1}}");
    }

    @Test
    void aRawMessageToTheNamespaceItselfBecomesAnEvent() {
        start();

        publish("orders", "{\"type\":\"order.updated\"}");

        await().atMost(LIMIT).until(() -> payloads(CHANNEL.firehose()).size() == 1);
    }

    @Test
    void theOrderOfMessagesIsKept() {
        start();

        IntStream.range(0, 200).forEach(i -> publish("orders-123", "{\"type\":\"order.updated\",\"n\":" + i + "}"));

        await().atMost(LIMIT).until(() -> payloads(CHANNEL).size() == 200);
        List<String> payloads = payloads(CHANNEL);
        for (int i = 0; i < 200; i++) {
            assertThat(payloads.get(i)).contains("\"n\":" + i + "}");
        }
    }

    @Test
    void exactlyOneOfTwoNodesAppends() {
        start();
        start();

        IntStream.range(0, 50).forEach(i -> publish("orders-123", "{\"type\":\"order.updated\",\"n\":" + i + "}"));

        await().during(Duration.ofMillis(300))
                .atMost(LIMIT)
                .until(() -> payloads(CHANNEL).size() == 50);
    }

    @Test
    void anOrderlyShutdownHandsOverWithinATick() {
        RawIngest first = start();
        start();

        now(first.close());

        awaitAnEvent();
    }

    @Test
    void aLostLeaseIsTakenOver() {
        start(Duration.ofMillis(900));
        awaitListeners(1);
        now(link.send(Command.SET, redis.keys().lease("orders"), "a node that dies"));
        awaitListeners(0);

        now(link.send(Command.DEL, redis.keys().lease("orders")));

        awaitAnEvent();
    }

    @Test
    void aNodeThatStandsByIsConnectedAlready() {
        now(link.send(Command.SET, redis.keys().lease("orders"), "another node"));

        start(LEASE);

        await().atMost(LIMIT)
                .until(() ->
                        now(link.send(Command.PUBSUB, "CHANNELS", redis.keys().probe("*")))
                                        .size()
                                == 1);
        assertThat(now(link.send(Command.PUBSUB, "NUMPAT")).toInteger()).isZero();
    }

    @Test
    void aLostConnectionIsReplacedAtOnce() {
        start();
        now(link.send(Command.CLIENT, "KILL", "TYPE", "pubsub"));

        awaitAnEvent();
    }

    @Test
    void illegalMessageBecomesADeadLetter() {
        start();

        publish("orders-123", "{\"type\":\"nonsense\",\"text\":\"" + "x".repeat(1500) + "\"}");
        publish("orders-123", "no json");
        publish("orders-a b", "{\"type\":\"order.updated\"}");

        await().atMost(LIMIT).until(() -> deadLetters().size() == 3);
        assertThat(deadLetters().get(0))
                .contains("channel", "orders-123", "reason", "unknown-type")
                .anySatisfy(field -> assertThat(field).hasSize(1024).startsWith("{\"type\":\"nonsense\""));
        assertThat(deadLetters().get(1)).contains("malformed-json");
        assertThat(deadLetters().get(2)).contains("invalid-channel");
        assertThat(metrics.get("heliograph_publish_dead_letters")
                        .tag("reason", "unknown-type")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(payloads(CHANNEL)).isEmpty();
    }

    @Test
    void messageHeardAfterTheLeaseWasLostIsKeptApart() {
        start(Duration.ofMinutes(1));
        awaitListeners(1);
        now(link.send(Command.SET, redis.keys().lease("orders"), "another node"));

        publish("orders-123", "{\"type\":\"order.updated\"}");

        String fenced = redis.keys().fencedLetters();
        await().atMost(LIMIT).until(() -> letters(fenced).size() == 1);
        assertThat(letters(fenced).get(0)).contains("orders-123", "fenced");
        assertThat(deadLetters()).isEmpty();
        assertThat(metrics.get("heliograph_publish_dead_letters")
                        .tag("reason", "fenced")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(payloads(CHANNEL)).isEmpty();
    }

    private RawIngest start() {
        RawIngest node = start(LEASE);
        awaitListeners(1);
        return node;
    }

    private RawIngest start(Duration lease) {
        var config = new IngestOptions(lease, 1000, 1 << 20);
        var node = new RawIngest(
                redis.vertx(), redis.client(), redis.config(), config, CATALOGUE, log, new RedisGuard(), metrics);
        node.start();
        nodes.add(node);
        return node;
    }

    /** Until one arrives: what is published while nobody listens is lost. */
    private void awaitAnEvent() {
        await().atMost(LIMIT).until(() -> {
            publish("orders-123", "{\"type\":\"order.updated\"}");
            return !payloads(CHANNEL).isEmpty();
        });
    }

    private void awaitListeners(int count) {
        await().pollInterval(Duration.ofMillis(10))
                .atMost(LIMIT)
                .until(() -> now(link.send(Command.PUBSUB, "NUMPAT")).toInteger() == count);
    }

    private void publish(String channel, String message) {
        now(link.send(Command.PUBLISH, channel, message));
    }

    private List<String> payloads(Channel channel) {
        Position top = now(log.since(channel, null, 1)).top();
        return now(log.since(channel, top.at(0), 1000)).entries().stream()
                .map(Entry::payload)
                .map(payload -> new String(payload, UTF_8))
                .toList();
    }

    private List<List<String>> deadLetters() {
        return letters(redis.keys().deadLetters());
    }

    private List<List<String>> letters(String key) {
        Response letters = now(link.send(Command.XRANGE, key, "-", "+"));
        return letters.getDelegate().stream()
                .map(letter -> letter.get(1).stream().map(Object::toString).toList())
                .toList();
    }
}
