package dev.heliograph.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Threads append to two followed channels and their firehose at once. */
class MemoryEventLogStressTest {
    private static final int THREADS = 8;
    private static final int APPENDS_PER_THREAD = 5_000;
    private static final Channel FIREHOSE = new Channel("orders");
    private static final List<Channel> CHANNELS = List.of(new Channel("orders-1"), new Channel("orders-2"));
    private static final byte[] DATA = {'{', '}'};

    private final MemoryEventLog log = new MemoryEventLog(
            new Catalogue(List.of(Namespaces.withHistory("orders", 100_000, "order.updated"))),
            256 << 20,
            Clock.systemUTC());
    private final SerialListener heard = new SerialListener();

    @Test
    void everyEntryIsAnnouncedOnceInOrderAndSerially() throws Exception {
        log.listen(heard);
        follow(FIREHOSE);
        CHANNELS.forEach(this::follow);

        inThreads(thread -> {
            for (int i = 0; i < APPENDS_PER_THREAD; i++) {
                append(CHANNELS.get((thread + i) % CHANNELS.size()));
            }
        });

        long total = (long) THREADS * APPENDS_PER_THREAD;
        assertThat(heard.overlaps).hasValue(0);
        assertThat(heard.offsets(FIREHOSE)).isEqualTo(countingTo(total));
        for (Channel channel : CHANNELS) {
            assertThat(heard.offsets(channel)).isEqualTo(countingTo(total / CHANNELS.size()));
        }
    }

    /** Whoever follows in the middle of the appends hears a contiguous tail, and whatever came after follow() returned. */
    @Test
    void lateFollowerHearsTheWholeRest() throws Exception {
        log.listen(heard);
        follow(CHANNELS.get(0));

        inThreads(thread -> {
            for (int i = 0; i < APPENDS_PER_THREAD; i++) {
                if (thread == 0 && i % 100 == 0) {
                    log.unfollow(FIREHOSE);
                    heard.forget(FIREHOSE);
                    follow(FIREHOSE);
                }
                append(CHANNELS.get(0));
            }
        });

        assertThat(heard.overlaps).hasValue(0);
        List<Long> offsets = heard.offsets(FIREHOSE);
        long last = (long) THREADS * APPENDS_PER_THREAD;
        assertThat(offsets.get(offsets.size() - 1)).isEqualTo(last);
        long first = offsets.get(offsets.size() - 1) - 99;
        assertThat(offsets)
                .containsAll(LongStream.rangeClosed(first, last).boxed().toList());
    }

    private void follow(Channel channel) {
        log.follow(channel).await().atMost(Duration.ofSeconds(10));
    }

    private void append(Channel channel) {
        log.append(new Event("id", channel, "order.updated", Instant.EPOCH, DATA), null)
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private static List<Long> countingTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static void inThreads(ThreadBody body) throws InterruptedException {
        var start = new CyclicBarrier(THREADS);
        List<Thread> threads = IntStream.range(0, THREADS)
                .mapToObj(i -> new Thread(() -> {
                    try {
                        start.await();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    body.run(i);
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(60_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private interface ThreadBody {
        void run(int thread);
    }

    /** Notes entries per channel, and how often two calls for one channel overlapped. */
    private static final class SerialListener implements Feed.Listener {
        final AtomicInteger overlaps = new AtomicInteger();
        private final Map<Channel, List<Long>> offsets = new ConcurrentHashMap<>();
        private final Map<Channel, AtomicInteger> inside = new ConcurrentHashMap<>();

        @Override
        public void onEntry(Entry entry) {
            AtomicInteger callers = inside.computeIfAbsent(entry.channel(), name -> new AtomicInteger());
            if (callers.incrementAndGet() != 1) {
                overlaps.incrementAndGet();
            }
            offsets.computeIfAbsent(entry.channel(), name -> new ArrayList<>()).add(entry.offset());
            callers.decrementAndGet();
        }

        @Override
        public void onDoubt() {}

        List<Long> offsets(Channel channel) {
            return offsets.getOrDefault(channel, List.of());
        }

        void forget(Channel channel) {
            offsets.remove(channel);
        }
    }
}
