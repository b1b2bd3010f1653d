package dev.heliograph.latest;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.heliograph.cache.CacheConfig;
import dev.heliograph.cache.CorrectingLog;
import dev.heliograph.cache.Followed;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;

/**
 * The latest event of each channel and type, with its entity tag. The log is the truth; what was asked for lately is
 * cached, as the feed announces it, so that asking again costs no round trip. Any thread may call.
 */
@Startup
@Singleton
public final class LatestEvents {
    private static final String INVALIDATE = "invalidate";
    /** How long a reader waits for the log before it is answered with the cached event, if there is one. */
    private static final Duration STALE_AFTER = Duration.ofSeconds(1);

    private static final Duration LEAST_IDLE = Duration.ofSeconds(60);

    private final Catalogue catalogue;
    private final CorrectingLog log;
    private final Feed feed;
    private final Followed<ChannelLatest> cached;
    private final long maxBytes;
    /** Tells our own notices from those of other nodes. */
    private final String nodeId = UUID.randomUUID().toString();

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder notModified = new LongAdder();

    /**
     * The answer to who asks for the latest event.
     *
     * @param encoded the event, ready to be sent; empty if there is none
     * @param cached whether it was cached, so that the log was not read
     * @param stale whether there may be a newer one that this node could not hear of
     */
    public record Latest(Optional<EncodedEntry> encoded, boolean cached, boolean stale) {
        public Optional<Entry> entry() {
            return encoded.map(EncodedEntry::entry);
        }
    }

    @Inject
    public LatestEvents(
            Catalogue catalogue,
            CorrectingLog log,
            Feed feed,
            Config config,
            CacheConfig cache,
            MeterRegistry metrics) {
        this(
                catalogue,
                log,
                feed,
                config.cacheBytes().asLongValue(),
                cache.compareInterval(),
                metrics,
                Ticker.systemTicker());
    }

    LatestEvents(
            Catalogue catalogue,
            CorrectingLog log,
            Feed feed,
            long maxBytes,
            Duration compareInterval,
            MeterRegistry metrics,
            Ticker ticker) {
        this.catalogue = catalogue;
        this.log = log;
        this.feed = feed;
        this.maxBytes = maxBytes;
        this.cached = new Followed<>(log, feed, Entry::type, maxBytes, compareInterval, this::lifetimeNanos, ticker);
        feed.listen(new Announcements());
        register(metrics);
    }

    /**
     * The newest event of a channel, as far as the feed has announced: at most a moment behind the log. Who asks twice is
     * not answered an older event the second time, but for the moment after an invalidation or a doubt: a read of the log
     * may be ahead of the feed.
     *
     * @param types of these types; empty: of any type
     * @return completes at once, on the caller's thread, if the channel is cached and was compared with the log lately
     *     enough, or cannot be compared while the feed is not trusted; else fails as {@link CorrectingLog#latest} does, or with
     *     {@code log-timeout} if the feed is not connected within 5 s, unless something is cached that can be told as stale
     */
    public Uni<Latest> latest(Channel channel, Set<String> types) {
        return latest(channel, types, null);
    }

    /**
     * As {@link #latest(Channel, Set)}, of all events up to a position that the log is known to have reached: the feed may
     * not have announced it yet.
     *
     * @param reached null: none is known
     */
    public Uni<Latest> latest(Channel channel, Set<String> types, Position reached) {
        return Uni.createFrom().deferred(() -> {
            // Before the look at what is kept, which a doubt empties before the feed is trusted again.
            boolean isStale = !feed.isTrusted();
            Optional<ChannelLatest> kept = isStale ? lastKnown(channel, reached) : current(channel, reached);
            if (kept.isPresent()) {
                hits.increment();
                return Uni.createFrom().item(new Latest(kept.get().newest(types), true, isStale));
            }
            misses.increment();
            Uni<Latest> fresh = load(channel, reached).map(read -> new Latest(read.newest(types), false, false));
            return lastKnown(channel, reached)
                    .map(last -> fresh.ifNoItem()
                            .after(STALE_AFTER)
                            .failWith(LogTimeout::ofLog)
                            .onFailure(ProblemException.class)
                            .recoverWithItem(() -> new Latest(last.newest(types), true, true)))
                    .orElse(fresh);
        });
    }

    /** Counts an answer that told its client only that it has the newest event already. */
    public void countNotModified() {
        notModified.increment();
    }

    CacheStatistics statistics() {
        return new CacheStatistics(entries(), cached.bytes(), maxBytes, hits.sum(), misses.sum(), notModified.sum());
    }

    /**
     * Has every node forget what it caches of what is chosen; the log keeps it.
     *
     * @return completes when this node has, and the others are being told
     */
    Uni<Void> invalidate(Invalidation chosen) {
        return Uni.createFrom().deferred(() -> {
            drop(chosen);
            return feed.broadcast(INVALIDATE + ' ' + nodeId + ' ' + String.join(" ", chosen.globs()));
        });
    }

    /** For tests: does now what is due. */
    void cleanUp() {
        cached.cleanUp();
    }

    private Optional<ChannelLatest> current(Channel channel, Position reached) {
        return cached.current(
                channel, latest -> latest.hasReached(reached), latest -> read(channel, latest.furthest()));
    }

    private Optional<ChannelLatest> lastKnown(Channel channel, Position reached) {
        return cached.lastKnown(channel).filter(latest -> latest.hasReached(reached));
    }

    private Uni<ChannelLatest> load(Channel channel, Position reached) {
        return cached.load(channel, () -> read(channel, reached))
                .chain(read -> read.hasReached(reached) ? Uni.createFrom().item(read) : loadAgain(channel, reached));
    }

    /**
     * After a read that others had begun, maybe too early. Whichever comes now begins later, so that it is taken as it is;
     * the first of those who waited may have read for all.
     */
    private Uni<ChannelLatest> loadAgain(Channel channel, Position reached) {
        return current(channel, reached)
                .map(found -> Uni.createFrom().item(found))
                .orElseGet(() -> cached.load(channel, () -> read(channel, reached)));
    }

    private Uni<ChannelLatest> read(Channel channel, Position reached) {
        return log.latest(channel).map(entries -> ChannelLatest.of(entries, reached));
    }

    /** Until nobody has asked for it for a while, or the log, which forgets {@code historyTtl} after the last entry, may have. */
    private long lifetimeNanos(Channel channel, long ageNanos) {
        Namespace namespace = catalogue.namespaceOf(channel);
        Duration ttl = namespace.cacheProfile().ttl();
        Duration idle = ttl.compareTo(LEAST_IDLE) < 0 ? LEAST_IDLE : ttl;
        return Math.min(idle.toNanos(), namespace.historyTtl().toNanos() - ageNanos);
    }

    private void drop(Invalidation chosen) {
        cached.doubt(new ChosenChannels(
                chosen, channel -> catalogue.namespaceOf(channel).types()));
    }

    private long entries() {
        return cached.values().mapToLong(ChannelLatest::size).sum();
    }

    private void register(MeterRegistry metrics) {
        Gauge.builder("heliograph_latest_entries", this, LatestEvents::entries).register(metrics);
        Gauge.builder("heliograph_latest_bytes", cached, Followed::bytes).register(metrics);
        FunctionCounter.builder("heliograph_latest_lookups", hits, LongAdder::sum)
                .tag("outcome", "hit")
                .register(metrics);
        FunctionCounter.builder("heliograph_latest_lookups", misses, LongAdder::sum)
                .tag("outcome", "miss")
                .register(metrics);
        FunctionCounter.builder("heliograph_latest_not_modified", notModified, LongAdder::sum)
                .register(metrics);
    }

    private final class Announcements implements Feed.Listener {
        @Override
        public void onEntry(Entry entry) {
            cached.hear(entry);
        }

        @Override
        public void onDoubt() {
            cached.doubt(every -> true);
        }

        @Override
        public void onNotice(String notice) {
            List<String> words = List.of(notice.split(" "));
            if (words.size() > 2
                    && words.get(0).equals(INVALIDATE)
                    && !words.get(1).equals(nodeId)) {
                drop(new Invalidation(words.subList(2, words.size())));
            }
        }
    }

    /** Options of the cache of latest events: {@code heliograph.latest.*}. */
    public interface Config {
        /** About how much memory the cache takes on each node, in bytes; 0: every request reads the log. */
        @WithDefault("10M")
        MemorySize cacheBytes();
    }
}
