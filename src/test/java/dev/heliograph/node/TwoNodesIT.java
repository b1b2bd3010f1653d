package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.ListeningClient;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.fixture.Told;
import dev.heliograph.fixture.Wire;
import dev.heliograph.log.Position;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two nodes on one Redis, while a node is killed and Redis is restarted and cut off: every client ends with every accepted
 * event exactly once and in order, or was told of the gap.
 */
class TwoNodesIT {
    private static final int CHANNELS = 20;
    private static final int CLIENTS_PER_CHANNEL = 10;
    private static final int PHASES = 4;
    private static final int HTTP_BACKENDS = 5;
    private static final int HTTP_EVENTS = 7000;
    private static final int FUNCTION_EVENTS = 3000;
    private static final int RAW_EVENTS = 3000;
    private static final Duration PHASE = Duration.ofSeconds(6);
    private static final Duration CUT = Duration.ofSeconds(5);
    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(60);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<ListeningClient> clients = new ArrayList<>();

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void everyClientGetsEveryAcceptedEventOrGap() throws Exception {
        long start = System.nanoTime();
        try (var redis = RedisServer.startProcess(true);
                var proxy = new FaultProxy(redis.host(), redis.port());
                var nodeA = startNode(proxy);
                var nodeB = startNode(proxy)) {
            boolean hasFunctions = hasFunctions(redis);
            var gateways = List.of(new GatewayHttp(nodeA.httpUri()), new GatewayHttp(nodeB.httpUri()));
            var backends = new Backends(gateways, redis, CHANNELS);
            connectClients(nodeA, nodeB);

            publish(backends, hasFunctions, 0, () -> {});
            publish(backends, hasFunctions, 1, () -> {
                nodeB.kill();
                nodeB.startAgain();
            });
            publish(backends, hasFunctions, 2, () -> {
                redis.stop();
                redis.startAgain();
            });
            publish(backends, hasFunctions, 3, () -> {
                proxy.cut();
                await().pollDelay(CUT).timeout(CUT.plusSeconds(30)).until(() -> true);
                proxy.heal();
            });

            Map<String, RedisChannel> log = awaitQuiet(redis);
            clients.forEach(client -> assertToldAll(client, log.get(channel(client))));
            assertHoldsAllAccepted(log, backends.accepted());
            assertThat(RedisChannel.read(redis, "orders").entries())
                    .extracting(Backends::publishedAs)
                    .containsExactlyInAnyOrderElementsOf(ids(log));
            assertThat(backends.accepted()).hasSize(HTTP_EVENTS + (hasFunctions ? FUNCTION_EVENTS : 0));
            assertThat(rawEvents(log))
                    .as("raw events in the log, of those that were heard")
                    .isGreaterThanOrEqualTo(backends.heardRaw() / 2);
            report(log, backends, System.nanoTime() - start);
        } finally {
            clients.forEach(ListeningClient::close);
            threads.shutdownNow();
        }
    }

    private static GatewayProcess startNode(FaultProxy redis) {
        return GatewayProcess.start(
                "-Xmx512m",
                "quarkus.redis.hosts=redis://" + redis.host() + ":" + redis.port(),
                "heliograph.namespaces.orders.history-size=2000",
                "heliograph.namespaces.orders.firehose-history-size=20000");
    }

    private static boolean hasFunctions(RedisServer redis) throws IOException {
        try (var backend = new RedisBackend(redis)) {
            backend.send("FUNCTION", "LIST");
            return true;
        } catch (RedisBackend.Refused before7) {
            return false;
        }
    }

    private void connectClients(GatewayProcess nodeA, GatewayProcess nodeB) {
        for (int i = 0; i < CHANNELS * CLIENTS_PER_CHANNEL; i++) {
            boolean startsAtA = i / CHANNELS % 2 == 0;
            clients.add(ListeningClient.start(
                    ListeningClient.Plan.of(Backends.channel(i % CHANNELS)),
                    Wire.WEB_SOCKET,
                    startsAtA ? nodeA.port() : nodeB.port(),
                    startsAtA ? nodeB.port() : nodeA.port()));
        }
        await().atMost(CATCH_UP_LIMIT).until(() -> clients.stream().allMatch(ListeningClient::isListening));
    }

    /** Publishes one phase's share by all ways at once, while something happens. */
    private void publish(Backends backends, boolean hasFunctions, int phase, Runnable event) throws Exception {
        var running = new ArrayList<Future<?>>();
        int httpShare = HTTP_EVENTS / PHASES / HTTP_BACKENDS;
        for (int i = 0; i < HTTP_BACKENDS; i++) {
            int from = (phase * HTTP_BACKENDS + i) * httpShare;
            running.add(
                    threads.submit(() -> backends.publishOverHttp(from, from + httpShare, PHASE.dividedBy(httpShare))));
        }
        int functionShare = FUNCTION_EVENTS / PHASES;
        if (hasFunctions) {
            running.add(threads.submit(() -> backends.publishByFunction(
                    phase * functionShare, (phase + 1) * functionShare, PHASE.dividedBy(functionShare))));
        }
        int rawShare = RAW_EVENTS / PHASES;
        running.add(threads.submit(
                () -> backends.publishRaw(phase * rawShare, (phase + 1) * rawShare, PHASE.dividedBy(rawShare))));
        running.add(threads.submit(event));
        for (Future<?> each : running) {
            each.get();
        }
    }

    /** Waits until every client stands at the top of its channel, and gives what the log then holds. */
    private Map<String, RedisChannel> awaitQuiet(RedisServer redis) {
        var log = new HashMap<String, RedisChannel>();
        await().atMost(CATCH_UP_LIMIT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            for (int i = 0; i < CHANNELS; i++) {
                log.put(Backends.channel(i), RedisChannel.read(redis, Backends.channel(i)));
            }
            for (ListeningClient client : clients) {
                RedisChannel channel = log.get(channel(client));
                List<Told> told = client.told(channel(client));
                assertThat(channel.present(told.get(told.size() - 1).position()))
                        .as("position of a client of " + channel(client))
                        .isEqualTo(channel.top());
            }
        });
        return log;
    }

    private static void assertToldAll(ListeningClient client, RedisChannel log) {
        Position at = null;
        for (Told told : client.told(channel(client))) {
            if (told instanceof Told.Event event) {
                Position position = log.present(event.position());
                assertThat(position).as("next entry of " + channel(client)).isEqualTo(at.at(at.offset() + 1));
                assertThat(new Told.Event(position, event.id(), event.type(), event.channel(), event.number()))
                        .isEqualTo(log.entries().get((int) position.offset() - 1));
                at = position;
            } else if (told instanceof Told.Recovered recovered) {
                Position position = log.present(recovered.position());
                assertThat(at == null || at.equals(position))
                        .as("recovered at " + position + ", after " + at)
                        .isTrue();
                at = position;
            } else if (told instanceof Told.Gap gap) {
                Position from = log.present(gap.from());
                Position to = log.present(gap.to());
                assertThat(from).isEqualTo(at);
                assertThat(log.present(gap.position())).isEqualTo(to);
                assertThat(log.entries())
                        .as("what the log has of the gap of " + channel(client) + " " + gap)
                        .noneMatch(event -> isWithin(from, to, event.position()));
                at = to;
            }
        }
        assertThat(at).isEqualTo(log.top());
    }

    private static String channel(ListeningClient client) {
        return client.plan().channels().get(0);
    }

    private static boolean isWithin(Position from, Position to, Position position) {
        boolean isAfterStart = !position.epoch().equals(from.epoch()) || position.offset() > from.offset();
        return isAfterStart && position.epoch().equals(to.epoch()) && position.offset() <= to.offset();
    }

    private static void assertHoldsAllAccepted(Map<String, RedisChannel> log, Map<String, String> accepted) {
        var held = new HashMap<String, Long>();
        log.forEach((name, channel) -> {
            for (int i = 0; i < channel.entries().size(); i++) {
                Told.Event entry = channel.entries().get(i);
                assertThat(entry.position().offset()).as("offset in " + name).isEqualTo(i + 1);
                String id = Backends.publishedAs(entry);
                assertThat(held.put(id, entry.position().offset()))
                        .as("earlier place of " + id)
                        .isNull();
            }
        });
        accepted.forEach((id, cursor) ->
                assertThat(held).containsEntry(id, Position.parse(cursor).offset()));
    }

    private static List<String> ids(Map<String, RedisChannel> log) {
        return log.values().stream()
                .flatMap(channel -> channel.entries().stream())
                .map(Backends::publishedAs)
                .toList();
    }

    private static long rawEvents(Map<String, RedisChannel> log) {
        return ids(log).stream().filter(id -> id.startsWith("raw-")).count();
    }

    private void report(Map<String, RedisChannel> log, Backends backends, long nanos) {
        long all = log.values().stream()
                .mapToLong(channel -> channel.entries().size())
                .sum();
        long byFunction = backends.accepted().keySet().stream()
                .filter(id -> id.startsWith("fcall"))
                .count();
        long overHttp = backends.accepted().size() - byFunction;
        long syncs = clients.stream()
                .flatMap(client -> client.told(channel(client)).stream())
                .filter(told -> !(told instanceof Told.Event))
                .count();
        System.out.printf(
                "Two nodes: %d events accepted (HTTP %d, function %d, raw %d of %d heard of %d sent), %d unclear answers"
                        + " repeated, %d clients resumed %d times and were told of %d gaps, %d s%n",
                all,
                overHttp,
                byFunction,
                rawEvents(log),
                backends.heardRaw(),
                RAW_EVENTS,
                backends.retries(),
                clients.size(),
                syncs - clients.size(),
                clients.stream()
                        .mapToLong(client -> client.gaps(channel(client)).size())
                        .sum(),
                TimeUnit.NANOSECONDS.toSeconds(nanos));
    }
}
