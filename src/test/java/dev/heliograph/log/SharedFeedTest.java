package dev.heliograph.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.log.memory.MemoryEventLog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The feed's contract, when it is shared, and what sharing adds. */
class SharedFeedTest extends FeedContract {
    private static final int THREADS = 8;
    private static final int ROUNDS = 4_000;

    @Override
    protected Engine open() {
        var memory = new MemoryEventLog(CATALOGUE, 64 << 20, Clock.systemUTC());
        return new Engine(memory, new SharedFeed(memory));
    }

    @Override
    protected void letHistoryExpire(Channel channel) {
        throw new AssertionError("no feed depends on it");
    }

    @Override
    protected void letRepeatWindowPass(Channel channel, String idempotencyKey) {
        throw new AssertionError("no feed depends on it");
    }

    @Test
    void aChannelIsFollowedUntilTheLastOfItsFollowersLeaves() {
        now(feed.follow(CHANNEL));
        now(feed.follow(CHANNEL));

        feed.unfollow(CHANNEL);
        append(CHANNEL, "1");
        assertThat(heard.entries(CHANNEL)).hasSize(1);

        feed.unfollow(CHANNEL);
        append(CHANNEL, "2");
        assertThat(heard.entries(CHANNEL)).hasSize(1);
    }

    @Test
    void onlySubscriptionsToAFollowCount() {
        feed.follow(CHANNEL);
        now(feed.follow(CHANNEL));

        feed.unfollow(CHANNEL);
        append(CHANNEL, "1");

        assertThat(heard.entries(CHANNEL)).isEmpty();
    }

    @Test
    void anUnfollowTooManyIsIgnored() {
        feed.unfollow(CHANNEL);
        now(feed.follow(CHANNEL));

        append(CHANNEL, "1");

        assertThat(heard.entries(CHANNEL)).hasSize(1);
    }

    /**
     * Threads follow and leave one channel at once, so that last unfollow and first follow meet all the time. Each has to
     * hear what it appends while it follows, and at the end nobody hears anything.
     */
    @Test
    void followerHearsEntriesWhileOthersComeAndGo() throws Exception {
        // The first use of Mutiny sets up its context, which fails when two threads are first.
        append(CHANNEL, "first");
        var newest = new Newest();
        feed.listen(newest);
        var start = new CyclicBarrier(THREADS);
        var threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> ends = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            long seed = System.nanoTime() + thread;
            ends.add(threads.submit(() -> {
                start.await();
                followAndLeave(newest, new Random(seed));
                return null;
            }));
        }
        threads.shutdown();
        for (Future<?> end : ends) {
            end.get(60, TimeUnit.SECONDS);
        }

        long before = newest.offset;
        append(CHANNEL, "to nobody");
        assertThat(newest.offset).isEqualTo(before);
    }

    private void followAndLeave(Newest newest, Random random) {
        for (int round = 0; round < ROUNDS; round++) {
            now(feed.follow(CHANNEL));
            if (random.nextInt(8) == 0) {
                long appended = append(CHANNEL, "1").position().offset();
                newest.awaitAtLeast(appended);
            }
            feed.unfollow(CHANNEL);
        }
    }

    /** The memory engine announces on the thread that appends, or on one that appends at the same time. */
    private static final class Newest implements Feed.Listener {
        private volatile long offset;

        @Override
        public void onEntry(Entry entry) {
            offset = entry.offset();
        }

        @Override
        public void onDoubt() {}

        void awaitAtLeast(long appended) {
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (offset < appended) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("heard up to " + offset + ", appended " + appended);
                }
                Thread.onSpinWait();
            }
        }
    }
}
