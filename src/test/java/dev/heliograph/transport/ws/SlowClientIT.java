package dev.heliograph.transport.ws;

import static dev.heliograph.fixture.GatewayHttp.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayMemory;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.WsClient;
import dev.heliograph.log.Position;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that does not read costs nothing: no memory, no latency of others; and it is told the truth when it reads on. */
class SlowClientIT {
    private static final int BATCH = 100;
    private static final int QUIET_EVENTS = 25_000;
    private static final int EVENTS = 100_000;
    private static final int HELD_ENTRIES = 20_000;
    private static final int NORMAL_CLIENTS = 20;
    private static final int SMALL_BUFFER_BYTES = 64 * 1024;
    private static final Duration BATCH_PACE = Duration.ofMillis(30);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);
    private static final long MIB = 1 << 20;
    private static final int TOO_SLOW = 4101;
    private static final int KEYS = 10;
    private static final String PADDING = "x".repeat(980);

    private static GatewayProcess gateway;
    private static GatewayHttp backend;

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start(
                "-Xmx512m",
                "heliograph.namespaces.orders.history-size=" + HELD_ENTRIES,
                "heliograph.namespaces.notifications.slow-clients=conflate",
                "heliograph.namespaces.notifications.conflate-key=key",
                "heliograph.namespaces.drivers.slow-clients=disconnect",
                "heliograph.hub.slow-client-grace=1s");
        backend = new GatewayHttp(gateway.httpUri());
    }

    @AfterAll
    static void endGateway() {
        gateway.close();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void slowClientCostsNoMemoryAndGetsEventsOrGaps() throws Exception {
        String channel = "orders-slow";
        List<TimedClient> others = normalClients(channel);
        try {
            publish(channel, "order.updated", QUIET_EVENTS, BATCH_PACE);
            awaitReceived(others, QUIET_EVENTS);
            long before = GatewayMemory.used(gateway);

            try (var slow = WsClient.connect(gateway.port(), SMALL_BUFFER_BYTES)) {
                String start = slow.subscribe(channel).at("/subscribed/cursor").textValue();
                slow.next();
                long startedAt = System.nanoTime();
                publish(channel, "order.updated", EVENTS, BATCH_PACE);
                awaitReceived(others, QUIET_EVENTS + EVENTS);
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedAt);
                long growth = GatewayMemory.used(gateway) - before;
                Reading reading = readToOffset(slow, Position.parse(start), QUIET_EVENTS + EVENTS);

                long[] without = nanos(others, QUIET_EVENTS / 2, QUIET_EVENTS);
                long[] with = nanos(others, QUIET_EVENTS, QUIET_EVENTS + EVENTS);
                System.out.printf(
                        "Slow client: %d events in %d s, memory %+d KiB; others p50/p99 %.1f/%.1f ms without it,"
                                + " %.1f/%.1f ms with it; it then read %d events and %d gaps of %d events%n",
                        EVENTS,
                        seconds,
                        growth / 1024,
                        millis(without, 0.5),
                        millis(without, 0.99),
                        millis(with, 0.5),
                        millis(with, 0.99),
                        reading.events,
                        reading.gaps,
                        reading.missing);
                assertThat(growth).isLessThan(MIB);
                assertThat(seconds).isGreaterThanOrEqualTo(29);
                assertThat(millis(with, 0.5)).isLessThan(5 * millis(without, 0.5) + 50);
                assertThat(reading.events + reading.missing).isEqualTo(EVENTS);
                assertThat(reading.gaps).isPositive();
            }
        } finally {
            others.forEach(TimedClient::close);
        }
    }

    @Test
    void conflatedClientGetsTheNewestOfEachKey() throws IOException {
        String channel = "notifications-slow";
        int events = 40_000;
        try (var slow = WsClient.connect(gateway.port(), SMALL_BUFFER_BYTES)) {
            slow.subscribe(channel);
            slow.next();
            publish(channel, "notification.created", events, Duration.ZERO);

            var newest = new HashMap<Integer, Integer>();
            int received = 0;
            int conflations = 0;
            long offset = 0;
            while (offset < events) {
                JsonNode frame = slow.next();
                if (frame.has("event")) {
                    received++;
                    JsonNode data = frame.at("/event/data");
                    newest.put(data.path("key").intValue(), data.path("n").intValue());
                    long next = Position.parse(frame.at("/event/cursor").textValue())
                            .offset();
                    assertThat(next).isGreaterThan(offset);
                    offset = next;
                } else if (frame.at("/sync/gap/reason").textValue().equals("conflated")) {
                    conflations++;
                }
            }

            assertThat(conflations).isPositive();
            assertThat(received).isLessThan(events);
            Map<Integer, Integer> last = new HashMap<>();
            IntStream.range(events - KEYS, events).forEach(n -> last.put(n % KEYS, n));
            assertThat(newest).isEqualTo(last);
        }
    }

    @Test
    void clientIsDisconnectedWhereTheNamespaceSaysSo() throws IOException {
        String channel = "drivers-slow";
        try (var slow = WsClient.connect(gateway.port(), SMALL_BUFFER_BYTES)) {
            slow.subscribe(channel);
            slow.next();

            publish(channel, "driver.location", 40_000, Duration.ZERO);
            Duration longerThanGrace = Duration.ofSeconds(3);
            await().pollDelay(longerThanGrace).until(() -> true);

            assertThat(slow.closeCode()).isEqualTo(TOO_SLOW);
        }
    }

    private static List<TimedClient> normalClients(String channel) throws IOException {
        var clients = new ArrayList<TimedClient>();
        for (int i = 0; i < NORMAL_CLIENTS; i++) {
            var client = new TimedClient(gateway.port(), channel, QUIET_EVENTS + EVENTS);
            clients.add(client);
            var thread = new Thread(client, "normal-client-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        return clients;
    }

    private static void publish(String channel, String type, int events, Duration pace) throws IOException {
        long due = System.nanoTime();
        for (int from = 0; from < events; from += BATCH) {
            backend.publishAll(IntStream.range(from, from + BATCH)
                    .mapToObj(n -> event(
                            channel,
                            type,
                            "{" + TimedClient.sentNow() + ",\"n\":" + n + ",\"key\":" + n % KEYS + ",\"padding\":\""
                                    + PADDING + "\"}"))
                    .toList());
            due += pace.toNanos();
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private static void awaitReceived(List<TimedClient> clients, int events) {
        await().atMost(DRAIN_LIMIT).until(() -> clients.stream().allMatch(client -> client.received() == events));
    }

    private static long[] nanos(List<TimedClient> clients, int from, int to) {
        return clients.stream()
                .flatMapToLong(client -> LongStream.of(client.nanos(from, to)))
                .sorted()
                .toArray();
    }

    private static double millis(long[] sortedNanos, double quantile) {
        return sortedNanos[(int) (quantile * (sortedNanos.length - 1))] / 1e6;
    }

    private record Reading(long events, int gaps, long missing) {}

    /** Reads on, and makes sure that every event follows the last one or the end of the gap before it. */
    private static Reading readToOffset(WsClient client, Position start, long top) {
        Position at = start;
        long events = 0;
        int gaps = 0;
        long missing = 0;
        while (at.offset() < top) {
            JsonNode frame = client.next();
            if (frame.has("event")) {
                Position next = Position.parse(frame.at("/event/cursor").textValue());
                assertThat(next).isEqualTo(at.at(at.offset() + 1));
                at = next;
                events++;
            } else {
                Position from = Position.parse(frame.at("/sync/gap/from").textValue());
                Position to = Position.parse(frame.at("/sync/gap/to").textValue());
                assertThat(from).isEqualTo(at);
                assertThat(frame.at("/sync/gap/reason").textValue()).isEqualTo("trimmed");
                missing += to.offset() - from.offset();
                gaps++;
                at = to;
            }
        }
        return new Reading(events, gaps, missing);
    }
}
