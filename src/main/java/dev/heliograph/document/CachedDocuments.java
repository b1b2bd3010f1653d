package dev.heliograph.document;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.heliograph.cache.CacheConfig;
import dev.heliograph.cache.CorrectingLog;
import dev.heliograph.cache.Followed;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Position;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The documents that are asked for, cached and {@link Followed}: each becomes what its announced changes say. After
 * something may have been missed it is read again for the next request. Until then, and while the log cannot be read, its
 * last known state is still here. Any thread may call.
 */
@Startup
@Singleton
final class CachedDocuments implements Feed.Listener {
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final CorrectingLog log;
    private final Catalogue catalogue;
    private final Clock clock;
    private final Followed<CachedDocument> followed;
    private final AtomicLong doubts = new AtomicLong();

    @Inject
    CachedDocuments(CorrectingLog log, Feed feed, Catalogue catalogue, DocumentConfig config, CacheConfig cache) {
        this(
                log,
                feed,
                catalogue,
                config.cacheBytes().asLongValue(),
                cache.compareInterval(),
                Clock.systemUTC(),
                Ticker.systemTicker());
    }

    CachedDocuments(
            CorrectingLog log,
            Feed feed,
            Catalogue catalogue,
            long maxBytes,
            Duration compareInterval,
            Clock clock,
            Ticker ticker) {
        this.log = log;
        this.catalogue = catalogue;
        this.clock = clock;
        this.followed = new Followed<>(
                log,
                feed,
                DocumentChange::isToldBy,
                maxBytes,
                compareInterval,
                (channel, age) -> IDLE.toNanos(),
                ticker);
        feed.listen(this);
    }

    /** Returns the document if it is known to be current; empty if the log must be read. */
    Optional<CachedDocument> current(Channel channel) {
        return followed.current(
                channel, cached -> cached.isCurrent() && isWithinTtl(channel, cached), cached -> readLog(channel));
    }

    /** Returns the last known document; empty if it is not kept, or its TTL is over, which is not announced. */
    Optional<CachedDocument> lastKnown(Channel channel) {
        return followed.lastKnown(channel).filter(cached -> isWithinTtl(channel, cached));
    }

    /** Reads it from the log and keeps it; requests that come meanwhile share the read. */
    Uni<CachedDocument> read(Channel channel) {
        return followed.load(channel, () -> readLog(channel));
    }

    /** How often announcements may have been missed so far. */
    long doubts() {
        return doubts.get();
    }

    /**
     * To be called after this node changed a document, before its writer is answered: it may read what it wrote.
     *
     * @param doubtsBefore {@link #doubts} before the change began: if there were more, others may have changed it since
     */
    void written(Channel channel, Optional<Document> next, Position version, long doubtsBefore) {
        followed.replace(channel, before -> {
            CachedDocument written = before.written(next, version);
            return doubts.get() == doubtsBefore ? written : written.doubted();
        });
    }

    /** To be called before anyone is told of a change that this node may not have heard of yet. */
    void outdate(Channel channel) {
        followed.replace(channel, CachedDocument::doubted);
    }

    /** Does now what is due: tests do not wait for the scheduler. */
    void cleanUp() {
        followed.cleanUp();
    }

    @Override
    public void onEntry(Entry entry) {
        followed.hear(entry);
    }

    @Override
    public void onDoubt() {
        // Before anything is outdated: a change that is answered in between is outdated by the one or the other.
        doubts.incrementAndGet();
        followed.doubt(every -> true);
    }

    private Uni<CachedDocument> readLog(Channel channel) {
        return log.snapshot(channel).map(CachedDocument::of);
    }

    private boolean isWithinTtl(Channel channel, CachedDocument cached) {
        return cached.document()
                .map(it -> catalogue.namespaceOf(channel).keepsDocument(it.modified(), clock.instant()))
                .orElse(true);
    }
}
