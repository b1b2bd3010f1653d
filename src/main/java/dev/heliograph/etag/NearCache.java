package dev.heliograph.etag;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.log.Position;
import dev.heliograph.near.Comparisons;
import dev.heliograph.near.Comparisons.Comparison;
import dev.heliograph.near.CorrectingLog;
import dev.heliograph.near.CorrectingLog.Answer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The latest entries of the channels that are asked for, exact while the feed announces. Any thread may call.
 *
 * <pre>
 *            load                    follow, then read, then join what was announced
 *  (absent) ------> in {@link #loading} -------------------------------------------------> in {@link #kept}
 *      ^                |                                                                   |
 *      +--- failed, or spoiled by a doubt, a hole, an invalidation -------------------------+--- not asked for, no room
 * </pre>
 *
 * A channel is followed once for each loading, which hands the follow over to what is kept; what is not kept any more is
 * unfollowed. What is kept may be behind a position that somebody knows of, and is compared with the log once in a while
 * ({@link Comparisons}): then it is loaded beside what is kept, which the read replaces, and the loading takes its follow
 * back. What is announced is first told to the loading and then to what is kept, and a loading first keeps and then joins what
 * it was told once more: whichever comes first, no entry falls between the two, and who asks twice is not told of an older one
 * the second time.
 */
final class NearCache {
    private static final Duration FOLLOW_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LEAST_IDLE = Duration.ofSeconds(60);

    private final CorrectingLog log;
    private final Feed feed;
    private final Ticker ticker;
    private final Comparisons comparisons;
    private final Map<Channel, Loading> loading = new ConcurrentHashMap<>();
    private final Cache<Channel, Kept> kept;

    NearCache(
            Catalogue catalogue, CorrectingLog log, Feed feed, long maxBytes, Duration compareInterval, Ticker ticker) {
        this.log = log;
        this.feed = feed;
        this.ticker = ticker;
        this.comparisons = new Comparisons(compareInterval, ticker::read);
        this.kept = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Channel channel, Kept each) -> each.latest().bytes())
                .expireAfter(new WhileAskedFor(catalogue))
                .ticker(ticker)
                .scheduler(Scheduler.systemScheduler())
                // Its tasks are short, and whoever drops something is to find it unfollowed.
                .executor(Runnable::run)
                .removalListener((Channel channel, Kept each, RemovalCause cause) -> {
                    if (cause != RemovalCause.REPLACED) {
                        feed.unfollow(channel);
                    }
                })
                .build();
        log.correct(this::beforeRead);
    }

    /**
     * The channel's latest entries as they are now; empty if the log must be read, as when nobody would tell us of newer ones,
     * or they were not compared with the log for too long.
     *
     * @param reached a position that the log is known to have reached; null: none
     */
    Optional<ChannelLatest> current(Channel channel, Position reached) {
        return feed.isTrusted()
                ? find(channel, reached)
                        .filter(each -> each.comparison.allows(() -> load(channel, each.latest.reached())))
                        .map(Kept::latest)
                : Optional.empty();
    }

    /** As they were when they were last seen here; empty if they are not kept. */
    Optional<ChannelLatest> lastKnown(Channel channel, Position reached) {
        return find(channel, reached).map(Kept::latest);
    }

    /**
     * Reads the log, or waits for who does already: that read may have begun before the log reached the position. Fails as
     * {@link CorrectingLog#latest} does; that is not remembered.
     *
     * @param reached as in {@link #current}
     */
    Uni<ChannelLatest> load(Channel channel, Position reached) {
        return Uni.createFrom().deferred(() -> loading.computeIfAbsent(
                        channel, absent -> new Loading(mine -> read(channel, reached, mine)))
                .result());
    }

    /** Forgets the channels that are chosen; what is being read of them is answered, but not kept. */
    void drop(Predicate<Channel> chosen) {
        loading.forEach((channel, reading) -> {
            if (chosen.test(channel)) {
                reading.spoil();
                // Whoever asks from now on is not to share a read that began before.
                loading.remove(channel, reading);
            }
        });
        kept.asMap().keySet().removeIf(chosen);
    }

    /** Takes in an entry that the feed announces. */
    void hear(Entry entry) {
        Channel channel = entry.channel();
        Loading reading = loading.get(channel);
        if (reading != null) {
            reading.hear(entry);
        }
        // Quietly, as an announcement is not a request.
        if (kept.policy().getIfPresentQuietly(channel) != null) {
            Run announced = Run.of(entry);
            update(channel, latest -> latest.with(announced));
        }
    }

    /** How many entries are kept, of all channels and types. */
    long entries() {
        return kept.asMap().values().stream()
                .mapToLong(each -> each.latest.size())
                .sum();
    }

    /** About how much memory is taken. */
    long bytes() {
        return kept.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

    /** Does now what is due: tests do not wait for the scheduler. */
    void cleanUp() {
        kept.cleanUp();
    }

    private Optional<Kept> find(Channel channel, Position reached) {
        return Optional.ofNullable(kept.getIfPresent(channel)).filter(each -> each.latest.hasReached(reached));
    }

    private Optional<Consumer<Answer>> beforeRead(Channel channel) {
        return Optional.ofNullable(kept.policy().getIfPresentQuietly(channel)).map(before -> answer -> {
            if (before.latest.isRefutedBy(answer.top())) {
                update(channel, now -> now.isOfTheLifeOf(before.latest) ? Optional.empty() : Optional.of(now));
            }
        });
    }

    private Uni<ChannelLatest> read(Channel channel, Position reached, Loading reading) {
        return feed.follow(channel)
                .ifNoItem()
                .after(FOLLOW_TIMEOUT)
                .failWith(LogTimeout::ofFeed)
                .chain(() -> log.latest(channel))
                .map(entries -> keep(channel, reading, ChannelLatest.of(entries, reached)))
                .onFailure()
                .invoke(() -> abandon(channel, reading));
    }

    private ChannelLatest keep(Channel channel, Loading reading, ChannelLatest read) {
        var isFirst = new AtomicBoolean();
        // The read began after all that was announced until then, and the loading has heard the rest: whatever is kept
        // is
        // no newer, unless the log has lost it. Joined inside, so that nothing that was kept and gone is newer either.
        kept.asMap().compute(channel, (name, before) -> {
            Optional<ChannelLatest> joined = reading.joined(read);
            isFirst.set(before == null && joined.isPresent());
            return joined.map(latest -> new Kept(latest, ticker.read(), comparisons.next()))
                    .orElse(null);
        });
        loading.remove(channel, reading);
        ChannelLatest answer = reading.answer(read);
        if (!isFirst.get()) {
            feed.unfollow(channel);
        }
        // After the answer, so that who has it does not find something older: a read may be ahead of the feed.
        update(channel, reading::joined);
        return answer;
    }

    private void abandon(Channel channel, Loading reading) {
        loading.remove(channel, reading);
        feed.unfollow(channel);
    }

    /** Replaces what is kept of a channel, which weighs it again, or drops it if the change says so. */
    private void update(Channel channel, Function<ChannelLatest, Optional<ChannelLatest>> change) {
        kept.asMap().computeIfPresent(channel, (name, before) -> {
            Optional<ChannelLatest> after = change.apply(before.latest);
            if (after.isEmpty()) {
                return null;
            }
            return after.get() == before.latest ? before : new Kept(after.get(), ticker.read(), before.comparison);
        });
    }

    /** @param sinceNanos when the log was known to hold the entries: it forgets them {@code historyTtl} after the last */
    private record Kept(ChannelLatest latest, long sinceNanos, Comparison comparison) {}

    /** A channel is kept until nobody has asked for it for a while, or the log may have forgotten it. */
    private record WhileAskedFor(Catalogue catalogue) implements Expiry<Channel, Kept> {
        @Override
        public long expireAfterCreate(Channel channel, Kept created, long nowNanos) {
            return lifetimeNanos(channel, created, nowNanos);
        }

        /** An announcement is not a request. */
        @Override
        public long expireAfterUpdate(Channel channel, Kept updated, long nowNanos, long remainingNanos) {
            return remainingNanos;
        }

        @Override
        public long expireAfterRead(Channel channel, Kept read, long nowNanos, long remainingNanos) {
            return lifetimeNanos(channel, read, nowNanos);
        }

        private long lifetimeNanos(Channel channel, Kept each, long nowNanos) {
            Namespace namespace = catalogue.namespaceOf(channel);
            Duration ttl = namespace.cacheProfile().ttl();
            Duration idle = ttl.compareTo(LEAST_IDLE) < 0 ? LEAST_IDLE : ttl;
            long untilForgotten = each.sinceNanos + namespace.historyTtl().toNanos() - nowNanos;
            return Math.max(0, Math.min(idle.toNanos(), untilForgotten));
        }
    }
}
