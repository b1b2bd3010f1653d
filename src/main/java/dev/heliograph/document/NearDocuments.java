package dev.heliograph.document;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Position;
import dev.heliograph.log.Snapshot;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The documents that are asked for, kept near and followed: one whose change is announced is read again when it is asked
 * for next. Until then, and while the log cannot be read, its last known state is still here. Bounded in bytes. Any thread
 * may call.
 *
 * <p>Each document that is kept, and each read that is under way, holds one follow of its channel.
 */
@Startup
@Singleton
final class NearDocuments implements Feed.Listener {
    private static final Duration FOLLOW_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final DocumentLog log;
    private final Feed feed;
    private final Map<Channel, Reading> readings = new ConcurrentHashMap<>();
    private final Cache<Channel, NearDocument> kept;

    NearDocuments(DocumentLog log, Feed feed, DocumentConfig config) {
        this.log = log;
        this.feed = feed;
        this.kept = Caffeine.newBuilder()
                .maximumWeight(config.nearBytes().asLongValue())
                .weigher((Channel channel, NearDocument each) -> each.bytes())
                .expireAfterAccess(IDLE)
                .executor(Runnable::run)
                .removalListener((Channel channel, NearDocument each, RemovalCause cause) -> {
                    if (cause != RemovalCause.REPLACED) {
                        feed.unfollow(channel);
                    }
                })
                .build();
        feed.listen(this);
    }

    /** As it is now; empty if the log must be asked, as when nobody would tell us of a change. */
    Optional<NearDocument> current(Channel channel) {
        return feed.isTrusted() ? lastKnown(channel).filter(NearDocument::isCurrent) : Optional.empty();
    }

    /** As it was when it was last seen here; empty if it is not kept. */
    Optional<NearDocument> lastKnown(Channel channel) {
        return Optional.ofNullable(kept.getIfPresent(channel));
    }

    /** Reads it from the log and keeps it; those who ask meanwhile share the read. */
    Uni<NearDocument> read(Channel channel) {
        return Uni.createFrom()
                .deferred(() -> readings.computeIfAbsent(channel, absent -> new Reading(channel)).result);
    }

    /** To be called after this node changed a document, before its writer is answered: it may read what it wrote. */
    void written(Channel channel, Optional<Document> next, Position version) {
        spoil(channel);
        kept.asMap().computeIfPresent(channel, (name, before) -> before.written(next, version));
    }

    @Override
    public void onEntry(Entry entry) {
        Channel channel = entry.channel();
        Reading reading = readings.get(channel);
        if (reading != null) {
            reading.hear(entry);
        }
        // Quietly, as an announcement is not a request.
        if (kept.policy().getIfPresentQuietly(channel) != null) {
            kept.asMap().computeIfPresent(channel, (name, before) -> before.after(entry));
        }
    }

    @Override
    public void onDoubt() {
        readings.keySet().forEach(this::spoil);
        kept.asMap().keySet().forEach(channel -> kept.asMap()
                .computeIfPresent(channel, (name, before) -> before.outdated()));
    }

    @Override
    public void onNotice(String notice) {}

    private void spoil(Channel channel) {
        Reading reading = readings.get(channel);
        if (reading != null) {
            reading.isSpoiled = true;
            // Whoever asks from now on is not to share a read that began before.
            readings.remove(channel, reading);
        }
    }

    /** One read that is under way. */
    private final class Reading {
        final Uni<NearDocument> result;
        private final Channel channel;
        private volatile Position heard;
        private volatile boolean isSpoiled;

        Reading(Channel channel) {
            this.channel = channel;
            this.result = feed.follow(channel)
                    .ifNoItem()
                    .after(FOLLOW_TIMEOUT)
                    .failWith(() -> ProblemException.of(
                            ProblemType.LOG_TIMEOUT, "The event log's feed is not connected at present; try again"))
                    .chain(() -> log.snapshot(channel))
                    .map(this::keep)
                    .onFailure()
                    .invoke(this::giveUp)
                    .memoize()
                    .indefinitely();
        }

        /** Serially, as the feed calls. */
        void hear(Entry entry) {
            boolean isNext = heard == null
                    || (heard.epoch().equals(entry.position().epoch()) && heard.offset() + 1 == entry.offset());
            if (!isNext || DocumentChange.toldBy(entry).isPresent()) {
                isSpoiled = true;
            }
            heard = entry.position();
        }

        private NearDocument keep(Snapshot read) {
            NearDocument seen = NearDocument.of(read, heard);
            NearDocument before = kept.asMap().put(channel, seen);
            if (before != null) {
                feed.unfollow(channel);
            }
            readings.remove(channel, this);
            if (isSpoiled) {
                // Announced around the read: it is answered, as it was there at the time, but asked for again.
                kept.asMap().computeIfPresent(channel, (name, now) -> now == seen ? now.outdated() : now);
            }
            return seen;
        }

        private void giveUp() {
            readings.remove(channel, this);
            feed.unfollow(channel);
        }
    }
}
