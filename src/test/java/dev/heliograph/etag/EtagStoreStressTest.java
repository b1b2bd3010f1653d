package dev.heliograph.etag;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Position;
import dev.heliograph.log.SharedFeed;
import dev.heliograph.log.memory.MemoryEventLog;
import dev.heliograph.near.CorrectingLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Threads append, ask and invalidate at once, with a near-cache too small for all channels. In the end what is
 * kept is what the log has, and just that is followed.
 */
class EtagStoreStressTest {
    private static final int ROUNDS = 20_000;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final List<String> TYPES = List.of("order.created", "order.updated");
    private static final List<Channel> CHANNELS =
            List.of(new Channel("orders"), new Channel("orders-1"), new Channel("orders-2"), new Channel("orders-3"));

    private Catalogue catalogue;
    private MemoryEventLog log;
    private CountingFeed feed;
    private EtagStore store;

    private void open(int historySize) {
        catalogue = new Catalogue(List.of(Namespaces.withHistory("orders", historySize, TYPES.toArray(String[]::new))));
        log = new MemoryEventLog(catalogue, 256 << 20, Clock.systemUTC());
        feed = new CountingFeed(new SharedFeed(log));
        // So short that comparisons come between all else.
        var interval = Duration.ofMillis(5);
        store = new EtagStore(
                catalogue,
                new CorrectingLog(log, log),
                feed,
                6_000,
                interval,
                new SimpleMeterRegistry(),
                Ticker.systemTicker());
    }

    @Test
    void nobodySeesTheLatestGoBackOrMissesWhatTheLogIsKnownToHave() throws Exception {
        open(100_000);

        run(List.of(this::append, this::append, this::ask, this::ask, this::ask));

        assertThatTheEndAgreesWithTheLog();
    }

    /**
     * Histories are so short that announcements have holes and doubts. A read that one of these or an invalidation overtook
     * is answered as it is and may be ahead of the feed: order is not looked at.
     */
    @Test
    void whateverIsInvalidatedTheEndAgreesWithTheLog() throws Exception {
        open(10);

        run(List.of(this::append, this::append, this::askForAnything, this::askForAnything, this::invalidate));

        assertThatTheEndAgreesWithTheLog();
    }

    private void run(List<Consumer<Random>> roles) throws Exception {
        // The first use of Mutiny sets up its context, which fails when two threads are first.
        inLog(CHANNELS.get(0), TYPES.get(0));
        var threads = Executors.newFixedThreadPool(roles.size());
        long seed = System.nanoTime();
        System.out.println("EtagStoreStressTest seed " + seed);
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < roles.size(); i++) {
            Consumer<Random> role = roles.get(i);
            var random = new Random(seed + i);
            ends.add(threads.submit(() -> role.accept(random)));
        }
        threads.shutdown();
        for (Future<?> end : ends) {
            end.get(120, TimeUnit.SECONDS);
        }
    }

    private void assertThatTheEndAgreesWithTheLog() {
        for (Channel channel : CHANNELS) {
            for (String type : TYPES) {
                assertThat(positionOf(channel, Set.of(type))).isEqualTo(inLog(channel, type));
            }
        }
        store.invalidate(Invalidation.all()).await().atMost(LIMIT);
        assertThat(feed.followers.values()).isNotEmpty().allMatch(count -> count == 0);
    }

    private void append(Random random) {
        for (int round = 0; round < ROUNDS; round++) {
            Channel channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
            String type = TYPES.get(random.nextInt(TYPES.size()));
            log.append(new Event("id", channel, type, Instant.EPOCH, new byte[] {'{', '}'}), null)
                    .await()
                    .atMost(LIMIT);
        }
    }

    private void invalidate(Random random) {
        for (int round = 0; round < ROUNDS / 4; round++) {
            Channel channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
            store.invalidate(
                            random.nextInt(4) == 0 ? Invalidation.all() : Invalidation.ofKey(catalogue, channel.name()))
                    .await()
                    .atMost(LIMIT);
            Thread.yield();
        }
    }

    private void askForAnything(Random random) {
        for (int round = 0; round < ROUNDS; round++) {
            positionOf(CHANNELS.get(random.nextInt(CHANNELS.size())), Set.of());
        }
    }

    private void ask(Random random) {
        Map<Channel, Long> seen = new ConcurrentHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            Channel channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
            Position known = random.nextBoolean() ? null : top(channel);
            long offset = positionOf(channel, Set.of(), known);
            if (known != null && known.offset() > offset) {
                throw new AssertionError(channel + " was answered " + offset + ", known to have reached " + known);
            }
            Long before = seen.put(channel, offset);
            if (before != null && before > offset) {
                throw new AssertionError(channel + " went back from " + before + " to " + offset);
            }
        }
    }

    private Position top(Channel channel) {
        return log.since(channel, null, 1).await().atMost(LIMIT).top();
    }

    private long positionOf(Channel channel, Set<String> types) {
        return positionOf(channel, types, null);
    }

    private long positionOf(Channel channel, Set<String> types, Position known) {
        return store.latest(channel, types, known)
                .await()
                .atMost(LIMIT)
                .entry()
                .map(Entry::offset)
                .orElse(0L);
    }

    private long inLog(Channel channel, String type) {
        return log.latest(channel).await().atMost(LIMIT).stream()
                .filter(entry -> entry.type().equals(type))
                .mapToLong(Entry::offset)
                .sum();
    }

    /** A feed that counts who follows. */
    private static final class CountingFeed implements Feed {
        final Map<Channel, Integer> followers = new ConcurrentHashMap<>();
        private final Feed feed;

        CountingFeed(Feed feed) {
            this.feed = feed;
        }

        @Override
        public Uni<Void> follow(Channel channel) {
            return Uni.createFrom().deferred(() -> {
                followers.merge(channel, 1, Integer::sum);
                return feed.follow(channel);
            });
        }

        @Override
        public void unfollow(Channel channel) {
            followers.merge(channel, -1, Integer::sum);
            feed.unfollow(channel);
        }

        @Override
        public void listen(Listener listener) {
            feed.listen(listener);
        }

        @Override
        public Uni<Void> broadcast(String notice) {
            return feed.broadcast(notice);
        }
    }
}
