package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.cache.CorrectingLog;
import dev.heliograph.cache.FollowedStress;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Position;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Documents, which other nodes and this one change, among events that are no changes. */
class CachedDocumentsStressTest extends FollowedStress {
    private static final byte[] JSON = "{}".getBytes(US_ASCII);

    private final AtomicLong passedNanos = new AtomicLong();
    private CachedDocuments cached;

    CachedDocumentsStressTest() {
        super("orders-1", "orders-2", "orders-3", "orders-4");
    }

    @Override
    protected void open(CorrectingLog corrected) {
        cached = new CachedDocuments(
                corrected,
                feed,
                catalogue,
                MAX_BYTES / 4,
                COMPARE_INTERVAL,
                Clock.systemUTC(),
                () -> System.nanoTime() + passedNanos.get());
    }

    @Override
    protected Uni<?> write(Channel channel, String type) {
        return type.equals(TYPES.get(0)) ? log.append(event(channel, type), null) : change(channel);
    }

    @Override
    protected Uni<Long> read(Channel channel, Position reached) {
        return cached.current(channel)
                .map(found -> Uni.createFrom().item(found))
                .orElseGet(() -> cached.read(channel))
                .map(found -> offset(found.document()));
    }

    @Override
    protected Uni<Long> readLog(Channel channel) {
        return log.snapshot(channel).map(Snapshot::document).map(CachedDocumentsStressTest::offset);
    }

    @Override
    protected Uni<?> disturb(Channel channel, boolean all) {
        if (all) {
            cached.onDoubt();
            return Uni.createFrom().voidItem();
        }
        long doubts = cached.doubts();
        return change(channel).invoke(accepted -> accepted.map(Accepted::position)
                .ifPresentOrElse(
                        version -> cached.written(
                                channel, Optional.of(new Document(JSON, version, Instant.EPOCH)), version, doubts),
                        () -> cached.outdate(channel)));
    }

    @Override
    protected void forgetAll() {
        passedNanos.addAndGet(Duration.ofMinutes(2).toNanos());
        cached.cleanUp();
    }

    /** Writes, unless another writer was faster. */
    private Uni<Optional<Accepted>> change(Channel channel) {
        return log.snapshot(channel)
                .chain(read -> log.change(
                        new DocumentChange("id", channel, TYPES.get(1), Instant.EPOCH, JSON),
                        new Expected(read.document().map(Document::version).orElse(null)),
                        null));
    }

    private static long offset(Optional<Document> document) {
        return document.map(it -> it.version().offset()).orElse(0L);
    }
}
