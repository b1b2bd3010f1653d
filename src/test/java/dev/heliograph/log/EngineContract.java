package dev.heliograph.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.event.Namespace;
import dev.heliograph.event.Namespace.CacheProfile;
import dev.heliograph.event.Namespace.SlowClientPolicy;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** What the engine contracts share: the catalogue, an engine that is new for each test, and words to use it. */
public abstract class EngineContract {
    protected static final int HISTORY_SIZE = 5;
    protected static final int FIREHOSE_SIZE = 12;
    protected static final Duration HISTORY_TTL = Duration.ofMinutes(10);
    protected static final Duration LIMIT = Duration.ofSeconds(10);
    protected static final String TYPE = "order.updated";
    protected static final String OTHER_TYPE = "order.created";
    protected static final Channel CHANNEL = new Channel("orders-123");
    protected static final Channel OTHER = new Channel("orders-456");
    protected static final Channel FIREHOSE = new Channel("orders");
    protected static final Catalogue CATALOGUE = new Catalogue(List.of(new Namespace(
            "orders",
            Set.of(TYPE, OTHER_TYPE),
            HISTORY_SIZE,
            FIREHOSE_SIZE,
            HISTORY_TTL,
            EnumSet.allOf(Action.class),
            false,
            65_536,
            SlowClientPolicy.REPLAY,
            Optional.empty(),
            CacheProfile.REALTIME)));

    protected EventLog log;
    protected Feed feed;
    protected RecordingListener heard;

    /** An engine that is empty, and the feed of what is appended to it. */
    public record Engine(EventLog log, Feed feed) {}

    /** Opens an empty engine with {@link #CATALOGUE}. */
    protected abstract Engine open();

    /** Makes the engine behave as if nothing had been appended to the channel for {@link #HISTORY_TTL}. */
    protected abstract void letHistoryExpire(Channel channel);

    /** Makes the engine behave as if {@link EventLog#REPEAT_WINDOW} had passed since the key was first used. */
    protected abstract void letRepeatWindowPass(Channel channel, String idempotencyKey);

    @BeforeEach
    void openEngine() {
        Engine engine = open();
        log = engine.log();
        feed = engine.feed();
        heard = new RecordingListener();
        feed.listen(heard);
    }

    protected static Event event(Channel channel, String note) {
        return event(channel, ("{\"note\":\"" + note + "\"}").getBytes(UTF_8));
    }

    protected static Event event(Channel channel, byte[] data) {
        return event(channel, TYPE, data);
    }

    protected static Event event(Channel channel, String type, byte[] data) {
        return new Event(UUID.randomUUID().toString(), channel, type, Instant.parse("2026-01-02T03:04:05.006Z"), data);
    }

    protected Accepted append(Channel channel, String note) {
        return now(log.append(event(channel, note), null));
    }

    protected Accepted append(Channel channel, String type, String note) {
        return now(log.append(event(channel, type, ("{\"note\":\"" + note + "\"}").getBytes(UTF_8)), null));
    }

    protected List<Position> appendMany(Channel channel, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> append(channel, "many " + i).position())
                .toList();
    }

    protected History since(Channel channel, Position after) {
        return now(log.since(channel, after, 1000));
    }

    protected List<Entry> latest(Channel channel) {
        return now(log.latest(channel));
    }

    protected Position top(Channel channel) {
        return since(channel, null).top();
    }

    protected static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }

    protected static <T> List<T> inParallel(List<Uni<T>> unis) {
        return now(Uni.join().all(unis).andFailFast());
    }

    protected static List<Long> offsets(History history) {
        return history.entries().stream().map(Entry::offset).toList();
    }
}
