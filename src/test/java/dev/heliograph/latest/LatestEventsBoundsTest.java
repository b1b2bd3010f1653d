package dev.heliograph.latest;

import static dev.heliograph.latest.HandDrivenLog.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace.CacheProfile;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** For how long the store keeps a channel, and in how much memory. */
class LatestEventsBoundsTest extends HandDrivenStore {
    /** The cache notices the end of an entry's time up to a second late, if nobody asks for it. */
    private static final Duration WHEEL_TURN = Duration.ofSeconds(3);

    @Test
    void keepsChannelForMinuteAfterRequest() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        pass(Duration.ofSeconds(59));
        assertThat(now(CHANNEL).cached()).isTrue();
        pass(Duration.ofSeconds(59));
        assertThat(now(CHANNEL).cached()).isTrue();
        pass(Duration.ofSeconds(60).plus(WHEEL_TURN));

        assertThat(log.followers(CHANNEL)).isZero();
        ask(CHANNEL);
        assertThat(log.readCount()).isEqualTo(2);
    }

    @Test
    void announcementsDoNotKeepAChannel() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        pass(Duration.ofSeconds(59));
        log.announce(entry(CHANNEL, "e", 8, UPDATED));
        pass(WHEEL_TURN);

        assertThat(log.followers(CHANNEL)).isZero();
    }

    @Test
    void aSlowProfileKeepsAChannelForItsTime() {
        Channel slow = new Channel("slow-1");
        keep(slow, entry(slow, "e", 7, UPDATED));

        pass(CacheProfile.SLOW.ttl().minusSeconds(1));
        assertThat(log.followers(slow)).isEqualTo(1);
        pass(WHEEL_TURN);

        assertThat(log.followers(slow)).isZero();
    }

    @Test
    void nothingIsKeptForLongerThanTheLogKeepsIt() {
        Channel shortLived = new Channel("short-1");
        keep(shortLived, entry(shortLived, "e", 7, UPDATED));

        pass(Duration.ofSeconds(29));
        assertThat(now(shortLived).cached()).isTrue();
        pass(Duration.ofSeconds(1));

        assertThat(ask(shortLived)).isNotDone();
    }

    @Test
    void memoryStaysWithinItsBound() {
        for (int i = 0; i < 500; i++) {
            Channel channel = new Channel("orders-" + i);
            keep(channel, entry(channel, "e", 1, UPDATED), entry(channel, "e", 2, CREATED));

            assertThat(store.statistics().bytes()).isLessThanOrEqualTo(100_000);
        }
        int followed = 0;
        for (int i = 0; i < 500; i++) {
            followed += log.followers(new Channel("orders-" + i));
        }
        assertThat(store.statistics().bytes()).isGreaterThan(50_000);
        assertThat(followed * 2L).isEqualTo(store.statistics().entries());
    }

    @Test
    void aChannelIsWeighedAgainWhenItGrows() {
        keep(CHANNEL, entry(CHANNEL, "e", 1, UPDATED));
        long before = store.statistics().bytes();

        log.announce(entry(CHANNEL, "e", 2, CREATED));

        assertThat(store.statistics().bytes()).isBetween(before + 500, before + 1000);
        assertThat(store.statistics().entries()).isEqualTo(2);
    }

    @Test
    void everyRequestReadsTheLogIfThereIsNoRoom() {
        var none = newStore(0);
        var first = none.latest(CHANNEL, Set.of()).subscribeAsCompletionStage();
        log.answerRead(entry(CHANNEL, "e", 7, UPDATED));

        none.latest(CHANNEL, Set.of()).subscribeAsCompletionStage();

        assertThat(first.join().entry()).isPresent();
        assertThat(log.readsUnderWay()).isEqualTo(1);
    }

    private void pass(Duration time) {
        nowNanos.addAndGet(time.toNanos());
        store.cleanUp();
    }
}
