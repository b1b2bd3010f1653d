package dev.heliograph.latest;

import static dev.heliograph.latest.HandDrivenLog.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.latest.LatestEvents.Latest;
import dev.heliograph.log.Entry;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.log.Position;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Latest events that the log may have lost, of which nobody tells. */
class LatestEventsComparisonTest extends HandDrivenStore {
    /** Kept for longer than the interval while nobody asks. */
    private static final Channel SLOW = new Channel("slow-1");

    private static final Duration DUE = COMPARE_INTERVAL.multipliedBy(5).dividedBy(4);
    private static final Duration OVER = COMPARE_INTERVAL.multipliedBy(2);

    @Test
    void answersFromTheCacheWhileItCompares() {
        keepFor(DUE);

        assertThat(now(SLOW).cached()).isTrue();
        assertThat(now(SLOW).cached()).isTrue();

        assertThat(log.readsUnderWay()).isEqualTo(1);
    }

    @Test
    void forgetsEventsThatTheLogHasLost() {
        keepFor(DUE);
        now(SLOW);

        log.answerRead();

        assertThat(now(SLOW).entry()).isEmpty();
        assertThat(log.followers(SLOW)).isEqualTo(1);
    }

    @Test
    void takesEventsOfAnotherLifeOfTheLog() {
        keepFor(DUE);
        now(SLOW);

        log.answerRead(entry(SLOW, "f", 1, UPDATED));

        assertThat(now(SLOW).entry().map(Entry::position).map(Object::toString)).contains("f-1");
    }

    @Test
    void keepsEventsThatAreAnnouncedWhileItCompares() {
        keepFor(DUE);
        now(SLOW);
        log.announce(entry(SLOW, "e", 8, CREATED));

        log.answerRead(entry(SLOW, "e", 7, UPDATED));

        assertThat(now(SLOW).entry().map(Entry::offset)).contains(8L);
        assertThat(now(SLOW, UPDATED).entry().map(Entry::offset)).contains(7L);
    }

    @Test
    void comparesOnceInEachInterval() {
        keepFor(DUE);
        now(SLOW);
        log.answerRead(entry(SLOW, "e", 7, UPDATED));

        pass(COMPARE_INTERVAL.minusSeconds(1));
        now(SLOW);

        assertThat(log.readCount()).isEqualTo(2);
    }

    @Test
    void readsTheLogBeforeItAnswersAfterTooLongWithoutComparison() {
        keepFor(OVER);

        CompletableFuture<Latest> asked = ask(SLOW);
        assertThat(asked).isNotDone();
        log.answerRead();

        assertThat(asked.join().entry()).isEmpty();
        assertThat(asked.join().stale()).isFalse();
    }

    @Test
    void answersAsStaleIfItCannotCompare() {
        keepFor(OVER);

        CompletableFuture<Latest> asked = ask(SLOW);
        log.failRead(LogTimeout.ofLog());

        assertThat(asked.join().entry().map(Entry::offset)).contains(7L);
        assertThat(asked.join().stale()).isTrue();
        assertThat(log.followers(SLOW)).isEqualTo(1);
    }

    @Test
    void carriesOnHowFarThePresentLifeOfTheLogHadCome() {
        CompletableFuture<Latest> asked = askReaching(new Position("e", 42));
        log.answerRead(entry(SLOW, "f", 43, UPDATED));
        assertThat(asked).isCompleted();
        pass(DUE);
        now(SLOW);

        log.answerRead();

        assertThat(askReaching(new Position("f", 43))).isCompleted();
        assertThat(log.readCount()).isEqualTo(2);
    }

    @Test
    void carriesOnHowFarTheLogWasKnownToHaveCome() {
        CompletableFuture<Latest> asked = askReaching(new Position("e", 42));
        log.answerRead(entry(SLOW, "e", 41, UPDATED));
        assertThat(asked).isCompleted();
        pass(DUE);
        now(SLOW);

        log.answerRead();

        assertThat(askReaching(new Position("e", 42))).isCompleted();
        assertThat(log.readCount()).isEqualTo(2);
    }

    @Test
    void forgetsEventsThatAReadOfAnyoneShowsToBeLost() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        readByOthers(entry(CHANNEL, "e", 7, UPDATED));
        assertThat(now(CHANNEL).cached()).isTrue();
        readByOthers(entry(CHANNEL, "f", 9, UPDATED));

        assertThat(ask(CHANNEL)).isNotDone();
    }

    @Test
    void forgetsEventsBeyondTheTopThatTheLogHas() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));

        readByOthers(entry(CHANNEL, "e", 6, UPDATED));

        assertThat(ask(CHANNEL)).isNotDone();
    }

    @Test
    void keepsEventsAnnouncedAfterAReadOfOthersBegan() {
        keep(CHANNEL, entry(CHANNEL, "e", 7, UPDATED));
        corrected.since(CHANNEL, null, 1).subscribeAsCompletionStage();
        log.announce(entry(CHANNEL, "e", 8, UPDATED));

        log.answerSince(entry(CHANNEL, "e", 7, UPDATED).position());

        assertThat(now(CHANNEL).entry().map(Entry::offset)).contains(8L);
    }

    private CompletableFuture<Latest> askReaching(Position reached) {
        return store.latest(SLOW, Set.of(), reached).subscribeAsCompletionStage();
    }

    private void readByOthers(Entry top) {
        corrected.since(CHANNEL, null, 1).subscribeAsCompletionStage();
        log.answerSince(top.position());
    }

    /** Of a channel that is kept for longer than the interval without a question. */
    private void keepFor(Duration time) {
        keep(SLOW, entry(SLOW, "e", 7, UPDATED));
        pass(time);
    }

    private void pass(Duration time) {
        nowNanos.addAndGet(time.toNanos());
    }
}
