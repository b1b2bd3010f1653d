package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.heliograph.cache.CorrectingLog;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.HandDrivenFeed;
import dev.heliograph.fixture.ManualClock;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** Documents, their log and its feed, which answer and announce when, and what, the test says. For one thread. */
final class HandDrivenDocuments extends HandDrivenFeed implements DocumentLog, EventLog {
    static final Channel ORDER = new Channel("orders-1");
    /** So short that a document is kept for longer while nobody asks. */
    static final Duration COMPARE_INTERVAL = Duration.ofSeconds(28);

    static final Duration TTL = Duration.ofHours(1);
    private static final String TYPE = "order.updated";
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.withDocumentTtl("orders", TTL, TYPE)));
    /** When all of them were last changed, which is also when the clock begins. */
    private static final Instant MODIFIED = new ManualClock().instant();

    final List<DocumentChange> changes = new ArrayList<>();
    final List<Expected> expected = new ArrayList<>();
    final Queue<UniEmitter<? super Optional<Accepted>>> changing = new ArrayDeque<>();
    final Queue<UniEmitter<? super Snapshot>> reads = new ArrayDeque<>();
    final Map<Position, Entry> history = new HashMap<>();
    final CorrectingLog corrected = new CorrectingLog(this, this);
    final ManualClock clock = new ManualClock();
    boolean isTrusted = true;

    CachedDocuments cached() {
        return cached(Ticker.systemTicker());
    }

    CachedDocuments cached(Ticker ticker) {
        return new CachedDocuments(
                corrected, this, CATALOGUE, config().cacheBytes().asLongValue(), COMPARE_INTERVAL, clock, ticker);
    }

    static DocumentConfig config() {
        return config(Duration.ofSeconds(15));
    }

    static DocumentConfig config(Duration writeTimeout) {
        return new DocumentConfig() {
            @Override
            public MemorySize cacheBytes() {
                return new MemorySize(BigInteger.valueOf(1 << 20));
            }

            @Override
            public Duration staleAfter() {
                return Duration.ofMillis(20);
            }

            @Override
            public Duration turnTimeout() {
                return Duration.ofSeconds(5);
            }

            @Override
            public Duration writeTimeout() {
                return writeTimeout;
            }

            @Override
            public MemorySize maxWaitingBytes() {
                return new MemorySize(BigInteger.valueOf(1 << 20));
            }
        };
    }

    static Position at(long offset) {
        return new Position("a", offset);
    }

    /** A document of that version. */
    static Document document(long version) {
        return new Document(json(version), at(version), MODIFIED);
    }

    static byte[] json(long version) {
        return ("{\"n\":" + version + "}").getBytes(UTF_8);
    }

    static Snapshot snapshot(long version, long top) {
        return new Snapshot(Optional.of(document(version)), at(top));
    }

    static Snapshot none(long top) {
        return new Snapshot(Optional.empty(), at(top));
    }

    static Entry change(long offset) {
        return entry(at(offset), new DocumentChange("c" + offset, ORDER, TYPE, MODIFIED, json(offset)).event());
    }

    static Entry other(Position position) {
        return entry(position, new Event("e", ORDER, TYPE, Instant.EPOCH, "{}".getBytes(UTF_8)));
    }

    private static Entry entry(Position position, Event event) {
        return new Entry(ORDER, position, event.payload());
    }

    void answerRead(Snapshot read) {
        reads.remove().complete(read);
    }

    void answerChange(Accepted accepted) {
        changing.remove().complete(Optional.of(accepted));
    }

    /** Something else than expected is there. */
    void refuseChange() {
        changing.remove().complete(Optional.empty());
    }

    DocumentChange lastChange() {
        return changes.get(changes.size() - 1);
    }

    int followers() {
        return followers(ORDER);
    }

    @Override
    public Uni<Snapshot> snapshot(Channel channel) {
        return Uni.createFrom().emitter(emitter -> reads.add(emitter));
    }

    @Override
    public Uni<Optional<Accepted>> earlier(Channel channel, String idempotencyKey) {
        return Uni.createFrom().item(Optional.empty());
    }

    @Override
    public Uni<Optional<Accepted>> change(DocumentChange change, Expected expected, String idempotencyKey) {
        return Uni.createFrom().emitter(emitter -> {
            changes.add(change);
            this.expected.add(expected);
            changing.add(emitter);
        });
    }

    @Override
    public Uni<Accepted> append(Event event, String idempotencyKey) {
        throw new AssertionError("entries are announced by hand");
    }

    @Override
    public Uni<History> since(Channel channel, Position after, int limit) {
        Entry next = history.get(after.at(after.offset() + 1));
        List<Entry> entries = next == null ? List.of() : List.of(next);
        return Uni.createFrom().item(new History(after, Optional.empty(), entries, after.at(after.offset() + 1)));
    }

    @Override
    public Uni<List<Entry>> latest(Channel channel) {
        throw new AssertionError("documents are read");
    }

    @Override
    public Uni<Void> broadcast(String notice) {
        throw new AssertionError("documents need no notices");
    }

    @Override
    public boolean isTrusted() {
        return isTrusted;
    }
}
