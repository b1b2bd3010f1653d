package dev.heliograph.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.fixture.Told;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Backends that publish at an even pace, each on its own thread, and never give an event up: what is not known to be
 * accepted is published again under the same id. Only raw {@code PUBLISH}, which is at most once, is left to its fate.
 */
final class Backends {
    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    private static final String RAW_TYPE = "order.created";

    private final List<GatewayHttp> gateways;
    private final RedisServer redis;
    private final int channels;
    private final Map<String, String> accepted = new ConcurrentHashMap<>();
    private final AtomicInteger heardRaw = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();

    Backends(List<GatewayHttp> gateways, RedisServer redis, int channels) {
        this.gateways = List.copyOf(gateways);
        this.redis = redis;
        this.channels = channels;
    }

    /** The cursors that were answered, by event id, of the two ways in that answer. */
    Map<String, String> accepted() {
        return accepted;
    }

    /** How many raw messages somebody heard. */
    int heardRaw() {
        return heardRaw.get();
    }

    int retries() {
        return retries.get();
    }

    /** The id that an event was published under; of a raw message, which has none of its own, one made of its number. */
    static String publishedAs(Told.Event event) {
        return event.type().equals(RAW_TYPE) ? "raw-" + event.number() : event.id();
    }

    static String channel(int number) {
        return "orders-" + number;
    }

    void publishOverHttp(int from, int to, Duration pace) {
        for (int n = from; n < to; n++) {
            String id = "http-" + n;
            String event = GatewayHttp.event(channel(n % channels), "order.updated", "{\"n\":" + n + "}", id);
            for (int attempt = n; !isAcceptedOverHttp(attempt, event, id); attempt++) {
                retries.incrementAndGet();
                LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            }
            LockSupport.parkNanos(pace.toNanos());
        }
    }

    void publishByFunction(int from, int to, Duration pace) {
        for (int n = from; n < to; ) {
            try (var backend = new RedisBackend(redis)) {
                for (; n < to; n++) {
                    String id = "fcall-" + n;
                    var answer = (List<?>) backend.send(
                            "FCALL", "heliograph_publish", "1", channel(n % channels), "order.assigned", "{}", id);
                    accepted.put(id, answer.get(1).toString());
                    LockSupport.parkNanos(pace.toNanos());
                }
            } catch (IOException | RedisBackend.Refused unclear) {
                retries.incrementAndGet();
                LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            }
        }
    }

    void publishRaw(int from, int to, Duration pace) {
        for (int n = from; n < to; ) {
            try (var backend = new RedisBackend(redis)) {
                while (n < to) {
                    String message = "{\"type\":\"" + RAW_TYPE + "\",\"n\":" + n + "}";
                    String channel = channel(n++ % channels);
                    if ((Long) backend.send("PUBLISH", channel, message) > 0) {
                        heardRaw.incrementAndGet();
                    }
                    LockSupport.parkNanos(pace.toNanos());
                }
            } catch (IOException | RedisBackend.Refused lost) {
                LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            }
        }
    }

    private boolean isAcceptedOverHttp(int attempt, String event, String id) {
        try {
            GatewayHttp.Answer answer = gateways.get(attempt % gateways.size()).publish(event);
            JsonNode cursor = answer.body().path("cursor");
            if (answer.status() < 500 && !cursor.isTextual()) {
                throw new AssertionError("publish was refused: " + answer);
            }
            if (cursor.isTextual()) {
                accepted.put(id, cursor.textValue());
            }
            return cursor.isTextual();
        } catch (IOException unclear) {
            return false;
        }
    }
}
