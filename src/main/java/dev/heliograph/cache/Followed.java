package dev.heliograph.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.heliograph.cache.CorrectingLog.Answer;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import dev.heliograph.log.LogTimeout;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A cache, bounded in bytes, of one value for each channel that is asked for, which the feed keeps up to date. Any thread may
 * call.
 *
 * <pre>
 *           load               follow the channel, read the log, join what was announced meanwhile
 * (absent) ------> a reading --------------------------------------------------------------------> cached
 *     ^                |                                                                            |  ^
 *     +---- failed ----+---- no request, no room, or the value says so after an announcement -------+--+ compared
 * </pre>
 *
 * Each reading and each cached value holds one follow of its channel. The first reading hands its follow to the value.
 *
 * <p>No announcement falls between the two: it is told to the reading first and then to the cached value, inside the cache's
 * {@code compute}. A reading closes, joins and is cached inside one {@code compute}. The announcement comes before that and
 * is joined, or waits and is told to the cached value. No client sees a value go back: a closed reading is not shared, so
 * all who share it came before it closed, and what they had seen until then was told to it.
 */
public final class Followed<V extends Followed.Value<V>> {
    private static final Duration FOLLOW_TIMEOUT = Duration.ofSeconds(5);

    private final Feed feed;
    private final Function<Entry, ?> kind;
    private final Ticker ticker;
    private final Comparisons comparisons;
    private final Map<Channel, Reading> readings = new ConcurrentHashMap<>();
    private final Cache<Channel, Cached<V>> cache;

    /** What is cached of one channel. Immutable; no method may block. */
    public interface Value<V> {
        /** This value after these entries, itself if they are not new. Null: it is to be forgotten. */
        V after(Announced entries);

        /** This value after something may have been missed. Null: it is to be forgotten. */
        V doubted();

        /**
         * What is cached after this was read, while something was missed or the value was replaced. Null: nothing is.
         *
         * @param before what is cached already; null: nothing is
         */
        V overtakenBy(V before);

        /** Whether the log, which was read after this was there, does not have it. */
        boolean isRefutedBy(Answer answer);

        /** Whether both are the same in the log, so that what refutes one refutes the other. */
        boolean isSameAs(V other);

        /** About how much memory this takes. */
        int bytes();
    }

    /** Says how long a value stays cached without a request. */
    public interface Lifetime {
        /** @param ageNanos how long ago the value was read or changed */
        long nanos(Channel channel, long ageNanos);
    }

    /**
     * @param kind of an entry: a value needs only the newest of each
     * @param maxBytes 0: nothing is cached
     */
    public Followed(
            CorrectingLog log,
            Feed feed,
            Function<Entry, ?> kind,
            long maxBytes,
            Duration compareInterval,
            Lifetime lifetime,
            Ticker ticker) {
        this.feed = feed;
        this.kind = kind;
        this.ticker = ticker;
        this.comparisons = new Comparisons(compareInterval, ticker::read);
        this.cache = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Channel channel, Cached<V> each) -> each.value().bytes())
                .expireAfter(new Cached.WhileAskedFor<V>(lifetime))
                .ticker(ticker)
                .scheduler(Scheduler.systemScheduler())
                // Its tasks are short, and a value that was removed is to be unfollowed at once.
                .executor(Runnable::run)
                .removalListener((Channel channel, Cached<V> each, RemovalCause cause) -> {
                    if (cause != RemovalCause.REPLACED) {
                        feed.unfollow(channel);
                    }
                })
                .build();
        log.correct(this::beforeRead);
    }

    /**
     * Returns the cached value if it is known to be current. Empty if the log must be read: while the feed is down, or if the
     * value was not compared with the log for too long.
     *
     * @param fits whether the value is good enough for this request
     * @param read reads the log for the next comparison, if that is due
     */
    public Optional<V> current(Channel channel, Predicate<V> fits, Function<V, Uni<V>> read) {
        return feed.isTrusted()
                ? find(channel)
                        .filter(each -> fits.test(each.value())
                                && each.comparison().allows(() -> load(channel, () -> read.apply(each.value()))))
                        .map(Cached::value)
                : Optional.empty();
    }

    /** Returns the cached value, which may be out of date. */
    public Optional<V> lastKnown(Channel channel) {
        return find(channel).map(Cached::value);
    }

    /**
     * Reads the log and caches the value. A request that comes while a reading is under way shares it.
     *
     * @param read is called once the channel is followed
     * @return the value with what was announced meanwhile; fails as the read does, or with {@code log-timeout} if the feed is
     *     not connected within 5 s; a failure is not cached
     */
    public Uni<V> load(Channel channel, Supplier<Uni<V>> read) {
        return Uni.createFrom().deferred(() -> readings.compute(
                        channel,
                        (name, before) -> before != null && before.isOpen() ? before : new Reading(channel, read))
                .result);
    }

    /** Takes in an announced entry. */
    public void hear(Entry entry) {
        Channel channel = entry.channel();
        Reading reading = readings.get(channel);
        if (reading != null) {
            reading.hear(entry);
        }
        // Quietly, because an announcement is not a request.
        if (reading != null || cache.policy().getIfPresentQuietly(channel) != null) {
            Announced announced = Announced.of(entry, kind);
            change(channel, value -> value.after(announced));
        }
    }

    /** Takes note that announcements or changes of the chosen channels may have been missed. */
    public void doubt(Predicate<Channel> chosen) {
        Stream.of(readings, cache.asMap())
                .flatMap(each -> each.keySet().stream())
                .filter(chosen)
                .forEach(channel -> replace(channel, V::doubted));
    }

    /**
     * Replaces the cached value, if there is one. A reading that is under way is shared no more, and does not undo it.
     *
     * @param change returns null if the value is to be forgotten
     */
    public void replace(Channel channel, UnaryOperator<V> change) {
        Reading reading = readings.get(channel);
        if (reading != null) {
            reading.close();
        }
        change(channel, change);
    }

    /** All cached values. */
    public Stream<V> values() {
        return cache.asMap().values().stream().map(Cached::value);
    }

    /** About how much memory the cached values take. */
    public long bytes() {
        return cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

    /** For tests: does now what is due, without the scheduler. */
    public void cleanUp() {
        cache.cleanUp();
    }

    private Optional<Cached<V>> find(Channel channel) {
        return Optional.ofNullable(cache.getIfPresent(channel));
    }

    private Optional<Consumer<Answer>> beforeRead(Channel channel) {
        return Optional.ofNullable(cache.policy().getIfPresentQuietly(channel)).map(before -> answer -> {
            if (before.value().isRefutedBy(answer)) {
                change(channel, now -> now.isSameAs(before.value()) ? now.doubted() : now);
            }
        });
    }

    /** By way of {@code compute}, which waits for a reading that is just being cached: {@code computeIfPresent} may not. */
    private void change(Channel channel, UnaryOperator<V> change) {
        cache.asMap().compute(channel, (name, before) -> {
            V after = before == null ? null : change.apply(before.value());
            if (after == null) {
                return null;
            }
            return after == before.value() ? before : new Cached<>(after, ticker.read(), before.comparison());
        });
    }

    /** One read that is under way, shared by all who wait for it. */
    private final class Reading {
        final Uni<V> result;
        private final Channel channel;
        private final AtomicReference<Heard> heard = new AtomicReference<>(Heard.NOTHING);
        private V answer;
        private boolean handsFollowOver;

        Reading(Channel channel, Supplier<Uni<V>> read) {
            this.channel = channel;
            this.result = feed.follow(channel)
                    .ifNoItem()
                    .after(FOLLOW_TIMEOUT)
                    .failWith(LogTimeout::ofFeed)
                    .chain(() -> read.get())
                    .map(this::keep)
                    .onTermination()
                    .invoke(this::end)
                    .memoize()
                    .indefinitely();
        }

        boolean isOpen() {
            return !heard.get().isClosed();
        }

        void hear(Entry entry) {
            heard.updateAndGet(before -> before.and(entry, kind));
        }

        void close() {
            heard.updateAndGet(Heard::closed);
        }

        private V keep(V read) {
            cache.asMap().compute(channel, (name, before) -> {
                Heard all = heard.getAndUpdate(Heard::closed);
                V joined = all.announced() == null ? read : read.after(all.announced());
                answer = joined == null ? read : joined;
                V next = all.isClosed() ? answer.overtakenBy(before == null ? null : before.value()) : joined;
                handsFollowOver = before == null && next != null;
                return next == null ? null : new Cached<>(next, ticker.read(), comparisons.next());
            });
            return answer;
        }

        private void end() {
            readings.remove(channel, this);
            if (!handsFollowOver) {
                feed.unfollow(channel);
            }
        }
    }
}
