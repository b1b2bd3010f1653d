package dev.heliograph.document;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.log.Position;
import dev.heliograph.log.Snapshot;
import dev.heliograph.near.Comparisons;
import dev.heliograph.near.Comparisons.Comparison;
import dev.heliograph.near.CorrectingLog;
import dev.heliograph.near.CorrectingLog.Answer;
import dev.heliograph.near.NearConfig;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The documents that are asked for, kept near and followed: each becomes what its announced changes say, and is read again
 * when it is asked for after something may have been missed, after the log answered anybody otherwise, and once in a while
 * ({@link Comparisons}). Until then, and while the log cannot be read, its last known state is still here. Bounded in bytes.
 * Any thread may call.
 *
 * <p>Each document that is kept, and each read that is under way, holds one follow of its channel.
 */
@Startup
@Singleton
final class NearDocuments implements Feed.Listener {
    private static final Duration FOLLOW_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final CorrectingLog log;
    private final Feed feed;
    private final Catalogue catalogue;
    private final Clock clock;
    private final Map<Channel, Reading> readings = new ConcurrentHashMap<>();
    private final Cache<Channel, Kept> kept;
    private final Comparisons comparisons;
    private final AtomicLong doubts = new AtomicLong();

    @Inject
    NearDocuments(CorrectingLog log, Feed feed, Catalogue catalogue, DocumentConfig config, NearConfig near) {
        this(log, feed, catalogue, config, near.compareInterval(), Clock.systemUTC(), Ticker.systemTicker());
    }

    NearDocuments(
            CorrectingLog log,
            Feed feed,
            Catalogue catalogue,
            DocumentConfig config,
            Duration compareInterval,
            Clock clock,
            Ticker ticker) {
        this.log = log;
        this.feed = feed;
        this.catalogue = catalogue;
        this.clock = clock;
        this.comparisons = new Comparisons(compareInterval, ticker::read);
        this.kept = Caffeine.newBuilder()
                .maximumWeight(config.nearBytes().asLongValue())
                .weigher((Channel channel, Kept each) -> each.document().bytes())
                .expireAfter(new WhileAskedFor())
                .ticker(ticker)
                .scheduler(Scheduler.systemScheduler())
                .executor(Runnable::run)
                .removalListener((Channel channel, Kept each, RemovalCause cause) -> {
                    if (cause != RemovalCause.REPLACED) {
                        feed.unfollow(channel);
                    }
                })
                .build();
        feed.listen(this);
        log.correct(this::beforeRead);
    }

    /**
     * As it is now; empty if the log must be asked, as when nobody would tell us of a change, or it was not compared with the
     * log for too long.
     */
    Optional<NearDocument> current(Channel channel) {
        return feed.isTrusted()
                ? find(channel)
                        .filter(each -> each.document.isCurrent() && each.comparison.allows(() -> read(channel)))
                        .map(Kept::document)
                : Optional.empty();
    }

    /** As it was when it was last seen here; empty if it is not kept, or its time is over, of which nobody tells us. */
    Optional<NearDocument> lastKnown(Channel channel) {
        return find(channel).map(Kept::document);
    }

    /** Reads it from the log and keeps it; those who ask meanwhile share the read. */
    Uni<Snapshot> read(Channel channel) {
        return Uni.createFrom()
                .deferred(() -> readings.computeIfAbsent(channel, absent -> new Reading(channel)).result);
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
        spoil(channel);
        update(channel, before -> {
            NearDocument written = before.written(next, version);
            return doubts.get() == doubtsBefore ? written : written.outdated();
        });
    }

    /** To be called before anyone is told of a change that this node may not have heard of yet. */
    void outdate(Channel channel) {
        spoil(channel);
        update(channel, NearDocument::outdated);
    }

    /** Does now what is due: tests do not wait for the scheduler. */
    void cleanUp() {
        kept.cleanUp();
    }

    @Override
    public void onEntry(Entry entry) {
        Channel channel = entry.channel();
        Reading reading = readings.get(channel);
        if (reading != null) {
            reading.hear(entry);
        }
        if (reading != null || kept.policy().getIfPresentQuietly(channel) != null) {
            update(channel, before -> before.after(entry));
        }
    }

    @Override
    public void onDoubt() {
        // Before anything is outdated: a change that is answered in between is outdated by the one or the other.
        doubts.incrementAndGet();
        readings.keySet().forEach(this::outdate);
        kept.asMap().keySet().forEach(this::outdate);
    }

    private Optional<Kept> find(Channel channel) {
        return Optional.ofNullable(kept.getIfPresent(channel)).filter(each -> each.document
                .document()
                .map(it -> catalogue.namespaceOf(channel).keepsDocument(it.modified(), clock.instant()))
                .orElse(true));
    }

    private Optional<Consumer<Answer>> beforeRead(Channel channel) {
        return Optional.ofNullable(kept.policy().getIfPresentQuietly(channel)).map(before -> answer -> {
            if (before.document.isRefutedBy(answer)) {
                update(channel, now -> now.isSameAs(before.document) ? now.outdated() : now);
            }
        });
    }

    private void spoil(Channel channel) {
        Reading reading = readings.get(channel);
        if (reading != null) {
            reading.spoil();
        }
    }

    /** By way of {@code compute}, which waits for a read that is just being kept; {@code computeIfPresent} may not see it. */
    private void update(Channel channel, UnaryOperator<NearDocument> change) {
        kept.asMap().compute(channel, (name, before) -> before == null ? null : before.with(change));
    }

    /** A document, and when it is to be compared with the log. */
    private record Kept(NearDocument document, Comparison comparison) {
        Kept with(UnaryOperator<NearDocument> change) {
            NearDocument after = change.apply(document);
            return after == document ? this : new Kept(after, comparison);
        }
    }

    /** A document is kept until nobody has asked for it for a while. */
    private static final class WhileAskedFor implements Expiry<Channel, Kept> {
        @Override
        public long expireAfterCreate(Channel channel, Kept created, long nowNanos) {
            return IDLE.toNanos();
        }

        /** An announcement is not a request. */
        @Override
        public long expireAfterUpdate(Channel channel, Kept updated, long nowNanos, long remainingNanos) {
            return remainingNanos;
        }

        @Override
        public long expireAfterRead(Channel channel, Kept read, long nowNanos, long remainingNanos) {
            return IDLE.toNanos();
        }
    }

    /** One read that is under way. */
    private final class Reading {
        final Uni<Snapshot> result;
        private final Channel channel;
        private volatile Position firstHeard;
        private volatile Position heard;
        private volatile boolean isSpoiled;

        Reading(Channel channel) {
            this.channel = channel;
            this.result = feed.follow(channel)
                    .ifNoItem()
                    .after(FOLLOW_TIMEOUT)
                    .failWith(LogTimeout::ofFeed)
                    .chain(() -> log.snapshot(channel))
                    .map(this::keep)
                    .onFailure()
                    .invoke(this::giveUp)
                    .memoize()
                    .indefinitely();
        }

        /** Whoever asks from now on is not to share a read that began before, which hears nothing more either. */
        void spoil() {
            isSpoiled = true;
            readings.remove(channel, this);
        }

        /** Serially, as the feed calls. */
        void hear(Entry entry) {
            if (heard == null) {
                firstHeard = entry.position();
            }
            boolean isNext = heard == null || heard.at(heard.offset() + 1).equals(entry.position());
            heard = entry.position();
            if (!isNext || DocumentChange.isToldBy(entry)) {
                spoil();
            }
        }

        private Snapshot keep(Snapshot read) {
            var isFirst = new AtomicBoolean();
            // What is heard or written meanwhile is seen here, or waits until this is kept.
            kept.asMap().compute(channel, (name, before) -> {
                isFirst.set(before == null);
                // In this order: what is heard spoils first.
                NearDocument seen = NearDocument.of(read, heard, firstHeard);
                if (isSpoiled) {
                    // Changed around the read: it is answered, as it was there at the time, but asked for again.
                    boolean isLater = before != null && before.document.isAsLateAs(read.top());
                    seen = isLater ? before.document : NearDocument.overtaken(read);
                }
                return new Kept(seen, comparisons.next());
            });
            if (!isFirst.get()) {
                feed.unfollow(channel);
            }
            readings.remove(channel, this);
            return read;
        }

        private void giveUp() {
            readings.remove(channel, this);
            feed.unfollow(channel);
        }
    }
}
