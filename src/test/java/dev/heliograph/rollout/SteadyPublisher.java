package dev.heliograph.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.GatewayHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A backend that publishes at an even pace to all channels by turns, in batches. It numbers the events of each channel, and
 * gives none up: if it is not known whether a batch was accepted, it publishes the same ids again, at the next gateway.
 */
final class SteadyPublisher {
    private static final int BATCHES_PER_SECOND = 50;
    private static final Duration PACE = Duration.ofSeconds(1).dividedBy(BATCHES_PER_SECOND);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final String NAME = "orders-";

    private final String run = UUID.randomUUID().toString();
    private final List<GatewayHttp> gateways;
    private final int batch;
    private final long[] published;
    private final CompletableFuture<Void> done;
    private volatile boolean isStopping;
    private int gateway;

    SteadyPublisher(List<GatewayHttp> gateways, int channels, int eventsPerSecond) {
        this.gateways = List.copyOf(gateways);
        this.batch = Math.max(1, eventsPerSecond / BATCHES_PER_SECOND);
        this.published = new long[channels];
        this.done = CompletableFuture.runAsync(this::publish, SteadyPublisher::start);
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "publisher");
        thread.setDaemon(true);
        thread.start();
    }

    static String channel(int number) {
        return NAME + number;
    }

    static int number(String channel) {
        return Integer.parseInt(channel.substring(NAME.length()));
    }

    /** Ends it, and gives how many events each channel got. */
    List<Long> stop() {
        isStopping = true;
        done.join();
        return IntStream.range(0, published.length).mapToObj(i -> published[i]).toList();
    }

    private void publish() {
        long due = System.nanoTime();
        for (int next = 0; !isStopping; next += batch) {
            int first = next;
            publish(IntStream.range(0, batch)
                    .mapToObj(i -> event((first + i) % published.length))
                    .toList());
            due += PACE.toNanos();
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private String event(int channel) {
        long number = ++published[channel];
        return GatewayHttp.event(
                channel(channel),
                "order.updated",
                "{\"n\":" + number + ",\"at\":" + System.nanoTime() + "}",
                run + '-' + channel + '-' + number);
    }

    private void publish(List<String> events) {
        long end = System.nanoTime() + LIMIT.toNanos();
        var open = new ArrayList<>(events);
        while (true) {
            for (JsonNode result : results(open)) {
                if (!result.has("cursor")) {
                    break;
                }
                open.remove(0);
            }
            if (open.isEmpty()) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError(open.size() + " events were not accepted within " + LIMIT);
            }
            gateway++;
            LockSupport.parkNanos(RETRY_PAUSE.toNanos());
        }
    }

    private JsonNode results(List<String> events) {
        try {
            return gateways.get(gateway % gateways.size())
                    .publishBatch(events)
                    .body()
                    .path("results");
        } catch (IOException unclear) {
            return Crowd.json("[]");
        }
    }
}
