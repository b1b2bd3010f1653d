package dev.heliograph.document;

import static dev.heliograph.document.HandDrivenDocuments.ORDER;
import static dev.heliograph.document.HandDrivenDocuments.at;
import static dev.heliograph.document.HandDrivenDocuments.change;
import static dev.heliograph.document.HandDrivenDocuments.document;
import static dev.heliograph.document.HandDrivenDocuments.none;
import static dev.heliograph.document.HandDrivenDocuments.other;
import static dev.heliograph.document.HandDrivenDocuments.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Position;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is cached, whatever comes between the steps of a read. */
class CachedDocumentsTest {
    private static final Duration ALMOST_IDLE = Duration.ofSeconds(59);

    private static final Duration DUE =
            HandDrivenDocuments.COMPARE_INTERVAL.multipliedBy(5).dividedBy(4);
    private static final Duration OVER = HandDrivenDocuments.COMPARE_INTERVAL.multipliedBy(2);

    private final HandDrivenDocuments log = new HandDrivenDocuments();
    private final AtomicLong nanos = new AtomicLong();
    private final CachedDocuments cached = log.cached(nanos::get);

    @Test
    void documentThatWasReadFollowsItsChangesAndIsReadNoMore() {
        keep(snapshot(1, 1));
        assertThat(current()).contains(at(1));

        log.announce(other(at(2)));
        assertThat(current()).contains(at(1));
        log.announce(change(3));

        assertThat(current()).contains(at(3));
    }

    @Test
    void requestsDuringTheReadShareIt() {
        var first = read();
        var second = read();
        assertThat(log.reads).hasSize(1);

        log.answerRead(snapshot(1, 1));

        assertThat(documentOf(second)).isSameAs(documentOf(first));
        assertThat(log.followers()).isOne();
    }

    @Test
    void requestAfterAWriteDoesNotShareAReadThatBeganBefore() {
        read();

        cached.written(ORDER, Optional.of(document(2)), at(2), cached.doubts());
        read();

        assertThat(log.reads).hasSize(2);
    }

    @Test
    void aLateReadDoesNotReplaceADocumentWrittenMeanwhile() {
        keep(snapshot(1, 1));
        log.doubt();
        var late = read();
        cached.written(ORDER, Optional.of(document(3)), at(3), cached.doubts());

        log.answerRead(snapshot(2, 2));

        assertThat(documentOf(late).document().map(Document::version)).contains(at(2));
        assertThat(current()).contains(at(3));
        assertThat(log.followers()).isOne();
    }

    @Test
    void joinsChangeThatIsAnnouncedWhileItIsRead() {
        var early = read();
        log.announce(change(2));
        var late = read();

        log.answerRead(snapshot(1, 1));

        assertThat(documentOf(early).document().map(Document::version)).contains(at(2));
        assertThat(documentOf(late)).isSameAs(documentOf(early));
        assertThat(current()).contains(at(2));
    }

    @Test
    void joinsNewestOfManyAnnouncements() {
        read();
        for (int offset = 2; offset <= 1000; offset++) {
            log.announce(change(offset));
        }

        log.answerRead(snapshot(1, 1));

        assertThat(current()).contains(at(1000));
    }

    @Test
    void anEarlyReadThatEndsLastDoesNotOutdateALaterOne() {
        read();
        log.doubt();
        read();
        UniEmitter<? super Snapshot> early = log.reads.remove();
        log.answerRead(snapshot(2, 2));

        early.complete(snapshot(2, 2));

        assertThat(current()).contains(at(2));
        assertThat(log.followers()).isOne();
    }

    @Test
    void ownWriteIsNotNewestAfterAnOvertakenReadMissedAChange() {
        read();
        log.announce(change(2));
        log.announce(change(4));
        log.answerRead(snapshot(1, 1));

        cached.written(ORDER, Optional.of(document(3)), at(3), cached.doubts());

        assertThat(current()).isEmpty();
    }

    @Test
    void anOvertakenReadForgetsNoChangeHeardOfTheKeptDocument() {
        keep(snapshot(1, 1));
        log.doubt();
        read();
        log.announce(change(3));
        log.announce(change(5));
        log.answerRead(snapshot(2, 2));

        cached.written(ORDER, Optional.of(document(4)), at(4), cached.doubts());

        assertThat(current()).isEmpty();
    }

    @Test
    void anOvertakenReadIsReadAgain() {
        read();
        log.announce(change(2));
        log.announce(change(4));
        log.answerRead(snapshot(1, 1));
        keep(snapshot(4, 4));

        log.announce(change(5));

        assertThat(current()).contains(at(5));
    }

    @Test
    void aReadThatEndsBeforeAHoleIsKeptAsOutdated() {
        read();
        log.announce(other(at(3)));

        log.answerRead(snapshot(1, 1));

        assertThat(current()).isEmpty();
    }

    @Test
    void aReadAroundADoubtIsKeptAsOutdated() {
        read();
        log.doubt();

        log.answerRead(snapshot(1, 1));

        assertThat(current()).isEmpty();
        assertThat(lastKnown()).contains(at(1));
    }

    @Test
    void aReadAroundTheBeginOfAnotherEpochIsKeptAsOutdated() {
        read();
        log.announce(other(new Position("b", 1)));

        log.answerRead(snapshot(1, 1));

        assertThat(current()).isEmpty();
    }

    @Test
    void theReadAfterADoubtCountsEvenIfItIsOlder() {
        keep(snapshot(3, 3));
        log.doubt();

        keep(snapshot(2, 2));

        assertThat(current()).contains(at(2));
    }

    @Test
    void eventsHeardWhileItIsReadDoNotOutdateIt() {
        read();
        log.announce(other(at(2)));
        log.answerRead(snapshot(1, 1));

        log.announce(other(at(3)));

        assertThat(current()).contains(at(1));
    }

    @Test
    void nothingIsCurrentWhileTheFeedIsNotTrusted() {
        keep(snapshot(1, 1));

        log.isTrusted = false;

        assertThat(current()).isEmpty();
        assertThat(lastKnown()).contains(at(1));
    }

    @Test
    void aFailedReadIsFollowedNoMoreAndTriedAgain() {
        var failed = read();

        log.reads.remove().fail(new IllegalStateException("broken"));

        failed.assertFailedWith(IllegalStateException.class);
        assertThat(log.followers()).isZero();
        keep(snapshot(1, 1));
        assertThat(current()).contains(at(1));
    }

    @Test
    void eachReadUnderWayAndTheKeptDocumentHoldOneFollow() {
        keep(snapshot(1, 1));
        assertThat(log.followers()).isOne();
        log.doubt();

        read();
        cached.outdate(ORDER);
        read();
        assertThat(log.followers()).isEqualTo(3);
        log.answerRead(snapshot(2, 2));
        log.answerRead(snapshot(2, 2));

        assertThat(log.followers()).isOne();
        assertThat(current()).contains(at(2));
    }

    @Test
    void documentThatNobodyAsksForIsForgottenThoughItsEventsCome() {
        keep(snapshot(1, 1));
        nanos.addAndGet(ALMOST_IDLE.toNanos());
        log.announce(other(at(2)));

        nanos.addAndGet(ALMOST_IDLE.toNanos());
        cached.cleanUp();

        assertThat(lastKnown()).isEmpty();
        assertThat(log.followers()).isZero();
    }

    @Test
    void documentThatIsAskedForIsKept() {
        keep(snapshot(1, 1));
        nanos.addAndGet(ALMOST_IDLE.toNanos());
        assertThat(lastKnown()).isPresent();

        nanos.addAndGet(ALMOST_IDLE.toNanos());

        assertThat(lastKnown()).isPresent();
    }

    @Test
    void expiredDocumentIsNoLongerKnown() {
        keep(snapshot(1, 1));
        log.clock.advance(HandDrivenDocuments.TTL.minusMillis(1));
        assertThat(current()).contains(at(1));

        log.clock.advance(Duration.ofMillis(1));

        assertThat(current()).isEmpty();
        assertThat(lastKnown()).isEmpty();
    }

    @Test
    void answersFromTheCacheWhileItCompares() {
        keep(snapshot(1, 1));
        pass(DUE);

        assertThat(current()).contains(at(1));
        assertThat(current()).contains(at(1));

        assertThat(log.reads).hasSize(1);
    }

    @Test
    void forgetsDocumentThatTheLogHasLost() {
        keep(snapshot(1, 1));
        pass(DUE);
        current();

        log.answerRead(new Snapshot(Optional.empty(), new Position("b", 0)));

        assertThat(cached.current(ORDER)).map(CachedDocument::document).contains(Optional.empty());
        assertThat(log.followers()).isOne();
    }

    @Test
    void comparesOnceInEachInterval() {
        keep(snapshot(1, 1));
        pass(DUE);
        current();
        log.answerRead(snapshot(1, 1));

        pass(HandDrivenDocuments.COMPARE_INTERVAL.minusSeconds(1));

        assertThat(current()).contains(at(1));
        assertThat(log.reads).isEmpty();
    }

    @Test
    void countsAComparisonThatAChangeOvertook() {
        keep(snapshot(1, 1));
        pass(DUE);
        current();
        log.announce(change(2));

        log.answerRead(snapshot(1, 1));
        pass(HandDrivenDocuments.COMPARE_INTERVAL.minusSeconds(1));

        assertThat(current()).contains(at(2));
        assertThat(log.reads).isEmpty();
    }

    @Test
    void documentIsNotCurrentAfterTooLongWithoutComparison() {
        keep(snapshot(1, 1));

        pass(OVER);

        assertThat(current()).isEmpty();
        assertThat(lastKnown()).contains(at(1));
    }

    @Test
    void triesAFailedComparisonNoMoreUntilItIsNotCurrent() {
        keep(snapshot(1, 1));
        pass(DUE);
        current();
        log.reads.remove().fail(new IllegalStateException("broken"));

        assertThat(current()).contains(at(1));

        assertThat(log.reads).isEmpty();
        assertThat(log.followers()).isOne();
    }

    @ParameterizedTest
    @MethodSource
    void documentIsNotCurrentIfAnAnswerToOthersRefutesIt(Snapshot read) {
        keep(snapshot(3, 4));

        tellOthers(read);

        assertThat(current()).isEmpty();
        assertThat(log.followers()).isOne();
    }

    static List<Snapshot> documentIsNotCurrentIfAnAnswerToOthersRefutesIt() {
        return List.of(
                none(4), snapshot(2, 4), snapshot(3, 3), new Snapshot(Optional.of(document(3)), new Position("b", 5)));
    }

    @ParameterizedTest
    @MethodSource
    void staysCurrentWhereAnAnswerToOthersAgreesOrIsAhead(Snapshot read) {
        keep(snapshot(3, 4));

        tellOthers(read);

        assertThat(current()).contains(at(3));
    }

    static List<Snapshot> staysCurrentWhereAnAnswerToOthersAgreesOrIsAhead() {
        return List.of(snapshot(3, 4), snapshot(3, 5), snapshot(5, 5));
    }

    @Test
    void documentStaysCurrentIfItChangedAfterAReadOfOthersBegan() {
        keep(snapshot(1, 1));
        log.corrected.snapshot(ORDER).subscribeAsCompletionStage();
        log.announce(change(2));

        log.answerRead(none(1));

        assertThat(current()).contains(at(2));
    }

    private void tellOthers(Snapshot read) {
        log.corrected.snapshot(ORDER).subscribeAsCompletionStage();
        log.answerRead(read);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void keep(Snapshot read) {
        read();
        log.answerRead(read);
    }

    private UniAssertSubscriber<CachedDocument> read() {
        return cached.read(ORDER).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private static CachedDocument documentOf(UniAssertSubscriber<CachedDocument> read) {
        return read.assertCompleted().getItem();
    }

    private Optional<Position> current() {
        return cached.current(ORDER).flatMap(CachedDocument::document).map(Document::version);
    }

    private Optional<Position> lastKnown() {
        return cached.lastKnown(ORDER).flatMap(CachedDocument::document).map(Document::version);
    }
}
