package dev.heliograph.latest;

import static dev.heliograph.latest.HandDrivenLog.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.latest.LatestEvents.Latest;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the store makes of a position that the log is known to have reached, whose entries it may have forgotten. */
class LatestEventsReachedTest extends HandDrivenStore {
    private static final Position E42 = new Position("e", 42);
    private static final Position E43 = new Position("e", 43);

    @Test
    void eventThatTheLogForgotIsAskedForOnce() {
        keepForgotten(E42);

        Latest next = nowReaching(E42);

        assertThat(next.cached()).isTrue();
        assertThat(next.entry()).isEmpty();
        assertThat(nowReaching(E42.at(41)).cached()).isTrue();
        assertThat(now(CHANNEL).cached()).isTrue();
        assertThat(log.readCount()).isEqualTo(1);
        assertThat(log.followers(CHANNEL)).isEqualTo(1);
    }

    @Test
    void concurrentRequestsForAForgottenEventShareOneRead() {
        List<CompletableFuture<Latest>> asked = List.of(askReaching(E42), askReaching(E42), askReaching(E42));

        log.answerRead();

        assertThat(asked).allMatch(CompletableFuture::isDone);
        assertThat(log.readCount()).isEqualTo(1);
    }

    @Test
    void readBegunBeforeThePositionIsRepeatedOnceForAllWaiters() {
        CompletableFuture<Latest> unknowing = ask(CHANNEL);
        List<CompletableFuture<Latest>> knowing = List.of(askReaching(E42), askReaching(E42), askReaching(E42));

        log.answerRead();
        assertThat(unknowing).isCompleted();
        assertThat(knowing).noneMatch(CompletableFuture::isDone);
        log.answerRead();

        assertThat(knowing).allMatch(CompletableFuture::isDone);
        assertThat(nowReaching(E42).cached()).isTrue();
        assertThat(log.readCount()).isEqualTo(2);
        assertThat(log.followers(CHANNEL)).isEqualTo(1);
    }

    @Test
    void requestForLaterPositionGetsNextRead() {
        ask(CHANNEL);
        CompletableFuture<Latest> former = askReaching(E42);
        CompletableFuture<Latest> later = askReaching(E43);

        log.answerRead();
        log.answerRead();

        assertThat(former).isCompleted();
        assertThat(later).isCompleted();
    }

    @Test
    void somethingNewerIsReadOnceForAllAndThenCached() {
        keep(CHANNEL, entry(CHANNEL, "e", 42, UPDATED));
        List<CompletableFuture<Latest>> asked = List.of(askReaching(E43), askReaching(E43));
        assertThat(now(CHANNEL).entry()).map(Entry::position).contains(E42);

        log.answerRead(entry(CHANNEL, "e", 43, UPDATED));

        assertThat(asked)
                .allSatisfy(each ->
                        assertThat(answer(each).entry()).map(Entry::position).contains(E43));
        assertThat(now(CHANNEL).entry()).map(Entry::position).contains(E43);
        assertThat(log.readCount()).isEqualTo(2);
        assertThat(log.followers(CHANNEL)).isEqualTo(1);
    }

    @Test
    void eventNewerThanTheForgottenOneIsRead() {
        keepForgotten(E42);
        CompletableFuture<Latest> asked = askReaching(E43);

        log.answerRead(entry(CHANNEL, "e", 43, UPDATED));

        assertThat(answer(asked).entry()).map(Entry::position).contains(E43);
        assertThat(nowReaching(E43).entry()).map(Entry::position).contains(E43);
        assertThat(nowReaching(E42).entry()).map(Entry::position).contains(E43);
    }

    @Test
    void keptEventGoesWhereTheLogForgotItAndMore() {
        keep(CHANNEL, entry(CHANNEL, "e", 42, UPDATED));

        keepForgotten(E43);

        assertThat(nowReaching(E43)).isEqualTo(nowReaching(E42));
        assertThat(nowReaching(E43).entry()).isEmpty();
        assertThat(log.followers(CHANNEL)).isEqualTo(1);
    }

    @Test
    void aPositionOfAnotherEpochIsReadForAgain() {
        keepForgotten(E42);

        keepForgotten(new Position("f", 42));

        assertThat(nowReaching(new Position("f", 42)).cached()).isTrue();
        assertThat(askReaching(E42)).isNotDone();
    }

    @Test
    void requestFromAFormerEpochIsAnsweredFromTheCache() {
        CompletableFuture<Latest> asked = askReaching(E42);
        log.answerRead(entry(CHANNEL, "f", 43, UPDATED));
        assertThat(asked).isCompleted();

        assertThat(nowReaching(E42).entry()).map(Entry::offset).contains(43L);
        assertThat(askReaching(E43)).isNotDone();
    }

    @Test
    void keptEventOfAnotherEpochIsReplacedByTheRead() {
        keep(CHANNEL, entry(CHANNEL, "e", 42, UPDATED));
        Position known = new Position("f", 43);
        CompletableFuture<Latest> asked = askReaching(known);

        log.answerRead(entry(CHANNEL, "f", 43, UPDATED));

        assertThat(answer(asked).entry()).map(Entry::position).contains(known);
        assertThat(log.followers(CHANNEL)).isEqualTo(1);
        assertThat(nowReaching(known).cached()).isTrue();
    }

    @Test
    void announcedEventJoinsTheForgottenOnes() {
        keepForgotten(E42);

        log.announce(entry(CHANNEL, "e", 43, UPDATED));

        assertThat(nowReaching(E42).entry()).map(Entry::position).contains(E43);
        assertThat(nowReaching(E43).entry()).map(Entry::position).contains(E43);
        assertThat(log.readCount()).isEqualTo(1);
    }

    @Test
    void aReadOfAKeptChannelTakesBackNoEventAnnouncedMeanwhile() {
        keep(CHANNEL, entry(CHANNEL, "e", 41, UPDATED));
        CompletableFuture<Latest> asked = askReaching(E42);
        log.announce(entry(CHANNEL, "e", 42, UPDATED));
        log.announce(entry(CHANNEL, "e", 43, CREATED));

        log.answerRead(entry(CHANNEL, "e", 42, UPDATED));

        assertThat(answer(asked).entry()).map(Entry::position).contains(E43);
        assertThat(now(CHANNEL).entry()).map(Entry::position).contains(E43);
        assertThat(now(CHANNEL, UPDATED).entry()).map(Entry::position).contains(E42);
        assertThat(log.readCount()).isEqualTo(2);
    }

    @Test
    void positionReadAcrossADoubtIsNotTakenForReached() {
        CompletableFuture<Latest> asked = askReaching(E42);
        log.doubt();
        log.answerRead();

        assertThat(asked).isCompleted();
        assertThat(askReaching(E42)).isNotDone();
    }

    @Test
    void aFailedReadLeavesTheKeptEvent() {
        keep(CHANNEL, entry(CHANNEL, "e", 42, UPDATED));
        CompletableFuture<Latest> asked = askReaching(E43);

        log.failRead(new IllegalStateException("gone"));

        assertThat(asked).isCompletedExceptionally();
        assertThat(now(CHANNEL).entry()).map(Entry::position).contains(E42);
        assertThat(log.followers(CHANNEL)).isEqualTo(1);
    }

    /** Has the store read that the log forgot everything up to this position. */
    private void keepForgotten(Position reached) {
        CompletableFuture<Latest> asked = askReaching(reached);
        assertThat(asked).isNotDone();
        log.answerRead();
        assertThat(asked).isCompleted();
    }

    private CompletableFuture<Latest> askReaching(Position reached) {
        return store.latest(CHANNEL, Set.of(), reached).subscribeAsCompletionStage();
    }

    private Latest nowReaching(Position reached) {
        return answer(askReaching(reached));
    }

    private static Latest answer(CompletableFuture<Latest> asked) {
        assertThat(asked).isCompleted();
        return asked.join();
    }
}
