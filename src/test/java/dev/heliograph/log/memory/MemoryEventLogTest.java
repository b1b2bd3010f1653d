package dev.heliograph.log.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.ManualClock;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.EventLogContract;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Gap;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryEventLogTest extends EventLogContract {
    private static final long MAX_BYTES = 8 << 20;

    private final ManualClock clock = new ManualClock();
    private MemoryEventLog memory;

    @Override
    protected Engine open() {
        memory = new MemoryEventLog(CATALOGUE, MAX_BYTES, clock);
        return new Engine(memory, memory);
    }

    @Override
    protected void letHistoryExpire(Channel channel) {
        clock.advance(HISTORY_TTL);
    }

    @Override
    protected void letRepeatWindowPass(Channel channel, String idempotencyKey) {
        clock.advance(EventLog.REPEAT_WINDOW);
    }

    @Test
    void historyIsKeptUntilItsTimeIsUp() {
        Position start = top(CHANNEL);
        append(CHANNEL, "1");
        clock.advance(HISTORY_TTL.minusMillis(1));
        append(OTHER, "keeps only the other alive");

        assertThat(offsets(since(CHANNEL, start))).containsExactly(1L);

        clock.advance(Duration.ofMillis(1));
        assertThat(since(CHANNEL, start).entries()).isEmpty();
        assertThat(since(FIREHOSE, null).top().offset()).isEqualTo(2);
    }

    @Test
    void aKeyIsRecognisedUntilItsWindowIsOver() {
        now(log.append(event(CHANNEL, "1"), "key"));

        clock.advance(EventLog.REPEAT_WINDOW.minusMillis(1));

        assertThat(now(log.append(event(CHANNEL, "2"), "key")).repeated()).isTrue();
    }

    @Test
    void memoryStaysWithinItsBound() {
        for (int i = 0; i < 400; i++) {
            now(log.append(large("orders-" + i), null));

            assertThat(memory.bytes()).isLessThanOrEqualTo(MAX_BYTES);
        }
    }

    @Test
    void theLeastRecentlyAppendedHistoryGoesFirst() {
        Channel early = new Channel("orders-early");
        Channel early2 = new Channel("orders-early2");
        Position earlyStart = top(early);
        Position early2Start = top(early2);
        now(log.append(large("orders-early"), null));
        now(log.append(large("orders-early2"), null));
        now(log.append(large("orders-early"), null));

        for (int i = 0; since(early2, early2Start).gap().isEmpty(); i++) {
            now(log.append(large("orders-" + i), null));
        }

        assertThat(since(early, earlyStart).gap()).isEmpty();
    }

    @Test
    void readerOfWholeEvictedHistoryHasNoGap() {
        Channel early = new Channel("orders-early");
        Position start = top(early);
        now(log.append(large("orders-early"), null));
        Position top = top(early);

        for (int i = 0; i < 200; i++) {
            now(log.append(large("orders-" + i), null));
        }

        assertThat(since(early, start).gap()).contains(new Gap(start, top, Gap.Reason.TRIMMED));
        assertThat(since(early, top).gap()).isEmpty();
        assertThat(append(early, "next").position()).isEqualTo(top.at(2));
    }

    @Test
    void namingChannelsDoesNotFillTheMemory() {
        Position first = top(new Channel("orders-0"));
        append(CHANNEL, "survives");

        for (int i = 1; i < 50_000; i++) {
            top(new Channel("orders-" + i));
        }

        assertThat(memory.bytes()).isLessThanOrEqualTo(MAX_BYTES / 4);
        assertThat(top(CHANNEL).offset()).isEqualTo(1);
        assertThat(since(new Channel("orders-0"), first).gap())
                .hasValueSatisfying(gap -> assertThat(gap.reason()).isEqualTo(Gap.Reason.EPOCH_CHANGED));
    }

    @Test
    void oneChannelHoldsAQuarterAtTheMost() {
        Position start = top(FIREHOSE);
        for (int i = 0; i < FIREHOSE_SIZE; i++) {
            now(log.append(new Event("id", FIREHOSE, TYPE, clock.instant(), object(400_000)), null));
        }

        History history = since(FIREHOSE, start);

        assertThat(history.entries()).hasSize(5);
        assertThat(history.reachesTop()).isTrue();
    }

    @Test
    void theLatestOutsideTheHistoryAreCountedAndGoFirst() {
        now(log.append(new Event("id", FIREHOSE, OTHER_TYPE, clock.instant(), object(400_000)), null));
        long withOne = memory.bytes();
        for (int i = 0; i < FIREHOSE_SIZE; i++) {
            append(FIREHOSE, "small");
        }

        assertThat(latest(FIREHOSE)).extracting(Entry::type).containsExactly(OTHER_TYPE, TYPE);
        assertThat(memory.bytes()).isGreaterThan(withOne);

        for (int i = 0; i < 4; i++) {
            now(log.append(new Event("id", FIREHOSE, TYPE, clock.instant(), object(400_000)), null));
        }
        assertThat(latest(FIREHOSE)).extracting(Entry::type).containsExactly(OTHER_TYPE, TYPE);

        now(log.append(new Event("id", FIREHOSE, TYPE, clock.instant(), object(400_000)), null));
        assertThat(latest(FIREHOSE)).extracting(Entry::type).containsExactly(TYPE);
    }

    @Test
    void replacedLatestAreNoLongerCounted() {
        append(CHANNEL, OTHER_TYPE, "rare");
        appendMany(CHANNEL, FIREHOSE_SIZE);
        long before = memory.bytes();

        append(CHANNEL, OTHER_TYPE, "rare");
        appendMany(CHANNEL, FIREHOSE_SIZE);

        assertThat(memory.bytes()).isEqualTo(before);
    }

    @Test
    void tooLittleMemoryIsRefusedByName() {
        assertThatThrownBy(() -> new MemoryEventLog(CATALOGUE, MAX_BYTES - 1, clock))
                .hasMessage("heliograph.memory.max-bytes is 8388607, expected at least 8388608");
    }

    @Test
    void aFailingListenerNeitherFailsTheAppendNorSilencesTheChannel() {
        var offsets = new ArrayList<Long>();
        feed.listen(new Feed.Listener() {
            @Override
            public void onEntry(Entry entry) {
                offsets.add(entry.offset());
                throw new IllegalStateException("a listener's bug");
            }

            @Override
            public void onDoubt() {}
        });
        now(feed.follow(CHANNEL));

        appendMany(CHANNEL, 2);

        assertThat(offsets).containsExactly(1L, 2L);
    }

    @Test
    void aListenerMayAppendAndOrderHolds() {
        var offsets = new ArrayList<Long>();
        feed.listen(new Feed.Listener() {
            @Override
            public void onEntry(Entry entry) {
                if (entry.offset() < 4) {
                    append(CHANNEL, "from the listener");
                }
                offsets.add(entry.offset());
            }

            @Override
            public void onDoubt() {}
        });
        now(feed.follow(CHANNEL));

        append(CHANNEL, "1");

        assertThat(offsets).containsExactly(1L, 2L, 3L, 4L);
    }

    /**
     * The listener is at entry 1 when the channel's history is forgotten, with entry 2 appended and not announced: no
     * newer entry will show the hole.
     */
    @Test
    void entriesForgottenBeforeTheirAnnouncementRaiseDoubt() throws Exception {
        var reached = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var doubted = new CountDownLatch(1);
        feed.listen(new Feed.Listener() {
            @Override
            public void onEntry(Entry entry) {
                reached.countDown();
                awaitOn(go);
            }

            @Override
            public void onDoubt() {
                doubted.countDown();
            }
        });
        now(feed.follow(CHANNEL));
        var announcer = new Thread(() -> append(CHANNEL, "1"));
        announcer.start();
        awaitOn(reached);

        append(CHANNEL, "2");
        for (int i = 0; i < 200; i++) {
            now(log.append(large("orders-" + i), null));
        }
        go.countDown();

        awaitOn(doubted);
        announcer.join(LIMIT.toMillis());
        assertThat(announcer.isAlive()).isFalse();
    }

    /** One of these is a 40th of the bound, counted in its channel and in the firehose. */
    private Event large(String channel) {
        return new Event("id", new Channel(channel), TYPE, clock.instant(), object(100_000));
    }

    private static byte[] object(int bytes) {
        byte[] object = new byte[bytes];
        Arrays.fill(object, (byte) ' ');
        object[0] = '{';
        object[bytes - 1] = '}';
        return object;
    }

    private static void awaitOn(CountDownLatch latch) {
        try {
            assertThat(latch.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
