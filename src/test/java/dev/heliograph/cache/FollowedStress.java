package dev.heliograph.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Position;
import dev.heliograph.log.memory.MemoryEventLog;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Threads write, read and disturb a user of {@link Followed} at once, with a cache too small for all channels. In the end what
 * is cached is what the log has, and just that is followed. Each user has a subclass.
 */
public abstract class FollowedStress {
    /** Room for about half of the channels. */
    protected static final int MAX_BYTES = 6_000;
    /** So short that comparisons come between all else. */
    protected static final Duration COMPARE_INTERVAL = Duration.ofMillis(5);

    protected static final List<String> TYPES = List.of("order.created", "order.updated");

    private static final int ROUNDS = 20_000;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private final List<Channel> channels;

    protected Catalogue catalogue;
    protected MemoryEventLog log;
    protected CountingFeed feed;

    protected FollowedStress(String... channels) {
        this.channels = Stream.of(channels).map(Channel::new).toList();
    }

    private void open(int historySize) {
        catalogue = new Catalogue(List.of(Namespaces.withHistory("orders", historySize, TYPES.toArray(String[]::new))));
        log = new MemoryEventLog(catalogue, 256 << 20, Clock.systemUTC());
        feed = new CountingFeed(Feed.shared(log));
        open(new CorrectingLog(log, log));
    }

    /** Opens the user of the cache, with what the fields hold. */
    protected abstract void open(CorrectingLog corrected);

    /** Appends an entry that the value takes in. */
    protected abstract Uni<?> write(Channel channel, String type);

    /** A position that the log has reached; null: a reader of the value cannot ask for it. */
    protected Position reached(Channel channel) {
        return null;
    }

    /** @return offset of the value, which has all up to a position; null: none is asked for */
    protected abstract Uni<Long> read(Channel channel, Position reached);

    /** Offset of the value in the log. */
    protected abstract Uni<Long> readLog(Channel channel);

    /** Has the value of a channel read again, or of all. */
    protected abstract Uni<?> disturb(Channel channel, boolean all);

    /** Asserts that parts of the value, if it has any, are what the log has. */
    protected void assertThatAllIsRead(Channel channel) {}

    protected abstract void forgetAll();

    @Test
    void readersSeeNoOlderValueAndMissNoKnownEntry() throws Exception {
        open(100_000);

        run(List.of(this::write, this::write, this::read, this::read, this::read));

        assertThatTheEndAgreesWithTheLog();
    }

    /**
     * Histories are so short that announcements have holes and doubts. A read that one of these or a disturbance overtook
     * is answered as it is and may be ahead of the feed: order is not looked at.
     */
    @Test
    void theEndAgreesWithTheLogAfterAnyDisturbance() throws Exception {
        open(10);

        run(List.of(this::write, this::write, this::readAnything, this::readAnything, this::disturb));

        assertThatTheEndAgreesWithTheLog();
    }

    private void run(List<Consumer<Random>> roles) throws Exception {
        // The first use of Mutiny sets up its context, which fails when two threads are first.
        await(readLog(channels.get(0)));
        var threads = Executors.newFixedThreadPool(roles.size());
        long seed = System.nanoTime();
        System.out.println(getClass().getSimpleName() + " seed " + seed);
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
        for (Channel channel : channels) {
            assertThat(await(read(channel, null))).isEqualTo(await(readLog(channel)));
            assertThatAllIsRead(channel);
        }
        forgetAll();
        assertThat(feed.followers.values()).isNotEmpty().allMatch(count -> count == 0);
    }

    private void write(Random random) {
        for (int round = 0; round < ROUNDS; round++) {
            await(write(any(channels, random), any(TYPES, random)));
        }
    }

    private void disturb(Random random) {
        for (int round = 0; round < ROUNDS / 4; round++) {
            await(disturb(any(channels, random), random.nextInt(4) == 0));
            Thread.yield();
        }
    }

    private void readAnything(Random random) {
        for (int round = 0; round < ROUNDS; round++) {
            await(read(any(channels, random), null));
        }
    }

    private void read(Random random) {
        Map<Channel, Long> seen = new ConcurrentHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            Channel channel = any(channels, random);
            Position known = random.nextBoolean() ? null : reached(channel);
            long offset = await(read(channel, known));
            if (known != null && known.offset() > offset) {
                throw new AssertionError(channel + " was answered " + offset + ", known to have reached " + known);
            }
            Long before = seen.put(channel, offset);
            if (before != null && before > offset) {
                throw new AssertionError(channel + " went back from " + before + " to " + offset);
            }
        }
    }

    protected final Event event(Channel channel, String type) {
        return new Event("id", channel, type, Instant.EPOCH, new byte[] {'{', '}'});
    }

    private static <T> T any(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    protected static <T> T await(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }

    /** A feed that counts who follows. */
    protected static final class CountingFeed implements Feed {
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
