package dev.heliograph.document;

import static dev.heliograph.document.HandDrivenDocuments.ORDER;
import static dev.heliograph.document.HandDrivenDocuments.at;
import static dev.heliograph.document.HandDrivenDocuments.change;
import static dev.heliograph.document.HandDrivenDocuments.document;
import static dev.heliograph.document.HandDrivenDocuments.other;
import static dev.heliograph.document.HandDrivenDocuments.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.log.Document;
import dev.heliograph.log.Position;
import dev.heliograph.log.Snapshot;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is kept near, whatever comes between the steps of a read. */
class NearDocumentsTest {
    private static final Duration ALMOST_IDLE = Duration.ofSeconds(59);

    private final HandDrivenDocuments log = new HandDrivenDocuments();
    private final AtomicLong nanos = new AtomicLong();
    private final NearDocuments near = log.near(nanos::get);

    @Test
    void whatIsReadFollowsItsChangesAndIsReadNoMore() {
        keep(snapshot(1, 1));
        assertThat(current()).contains(at(1));

        log.announce(other(at(2)));
        assertThat(current()).contains(at(1));
        log.announce(change(3));

        assertThat(current()).contains(at(3));
    }

    @Test
    void thoseWhoAskMeanwhileShareTheRead() {
        var first = read();
        var second = read();
        assertThat(log.reads).hasSize(1);

        log.answerRead(snapshot(1, 1));

        assertThat(snapshotOf(second)).isSameAs(snapshotOf(first));
        assertThat(log.followers()).isOne();
    }

    @Test
    void whoAsksAfterAWriteDoesNotShareAReadThatBeganBefore() {
        read();

        near.written(ORDER, Optional.of(document(2)), at(2), near.doubts());
        read();

        assertThat(log.reads).hasSize(2);
    }

    @Test
    void aLateReadDoesNotReplaceWhatWasWrittenMeanwhile() {
        keep(snapshot(1, 1));
        log.doubt();
        var late = read();
        near.written(ORDER, Optional.of(document(3)), at(3), near.doubts());

        log.answerRead(snapshot(2, 2));

        assertThat(snapshotOf(late).document().map(Document::version)).contains(at(2));
        assertThat(current()).contains(at(3));
        assertThat(log.followers()).isOne();
    }

    @Test
    void aReadAroundWhichSomethingChangedIsKeptAsOutdated() {
        read();
        log.announce(change(2));

        log.answerRead(snapshot(1, 1));

        assertThat(current()).isEmpty();
        assertThat(lastKnown()).contains(at(1));
    }

    @Test
    void whoAsksAfterAChangeWasHeardOfDoesNotShareAReadThatBeganBefore() {
        var early = read();
        log.announce(change(2));

        var late = read();
        log.answerRead(snapshot(1, 1));
        log.answerRead(snapshot(2, 2));

        assertThat(snapshotOf(early).document().map(Document::version)).contains(at(1));
        assertThat(snapshotOf(late).document().map(Document::version)).contains(at(2));
        assertThat(current()).contains(at(2));
    }

    @Test
    void anEarlyReadThatEndsLastDoesNotOutdateALaterOne() {
        read();
        log.announce(change(2));
        read();
        UniEmitter<? super Snapshot> early = log.reads.remove();
        log.answerRead(snapshot(2, 2));

        early.complete(snapshot(2, 2));

        assertThat(current()).contains(at(2));
        assertThat(log.followers()).isOne();
    }

    @Test
    void whatAnOvertakenReadDidNotHearDoesNotMakeAnOwnWriteTheNewest() {
        read();
        log.announce(change(2));
        log.announce(change(3));
        log.answerRead(snapshot(1, 1));

        near.written(ORDER, Optional.of(document(2)), at(2), near.doubts());

        assertThat(current()).isEmpty();
    }

    @Test
    void anOvertakenReadDoesNotForgetWhatWasHeardOfWhatIsKept() {
        keep(snapshot(1, 1));
        log.doubt();
        read();
        log.announce(change(3));
        log.announce(change(4));
        log.answerRead(snapshot(2, 2));

        near.written(ORDER, Optional.of(document(3)), at(3), near.doubts());

        assertThat(current()).isEmpty();
    }

    @Test
    void anOvertakenReadIsReadAgain() {
        read();
        log.announce(change(2));
        log.answerRead(snapshot(1, 1));
        keep(snapshot(2, 2));

        log.announce(change(3));

        assertThat(current()).contains(at(3));
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
    void whatTheLogSaysAfterADoubtCountsEvenIfItIsOlder() {
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
    void eachReadThatIsUnderWayAndWhatIsKeptHoldOneFollow() {
        keep(snapshot(1, 1));
        assertThat(log.followers()).isOne();
        log.doubt();

        read();
        near.outdate(ORDER);
        read();
        assertThat(log.followers()).isEqualTo(3);
        log.answerRead(snapshot(2, 2));
        log.answerRead(snapshot(2, 2));

        assertThat(log.followers()).isOne();
        assertThat(current()).contains(at(2));
    }

    @Test
    void whatNobodyAsksForIsForgottenThoughItsEventsCome() {
        keep(snapshot(1, 1));
        nanos.addAndGet(ALMOST_IDLE.toNanos());
        log.announce(other(at(2)));

        nanos.addAndGet(ALMOST_IDLE.toNanos());
        near.cleanUp();

        assertThat(lastKnown()).isEmpty();
        assertThat(log.followers()).isZero();
    }

    @Test
    void whatIsAskedForIsKept() {
        keep(snapshot(1, 1));
        nanos.addAndGet(ALMOST_IDLE.toNanos());
        assertThat(current()).isPresent();

        nanos.addAndGet(ALMOST_IDLE.toNanos());

        assertThat(current()).isPresent();
    }

    @Test
    void whoseTimeIsOverIsNoLongerKnown() {
        keep(snapshot(1, 1));
        log.clock.advance(HandDrivenDocuments.TTL.minusMillis(1));
        assertThat(current()).contains(at(1));

        log.clock.advance(Duration.ofMillis(1));

        assertThat(current()).isEmpty();
        assertThat(lastKnown()).isEmpty();
    }

    private void keep(Snapshot read) {
        read();
        log.answerRead(read);
    }

    private UniAssertSubscriber<Snapshot> read() {
        return near.read(ORDER).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private static Snapshot snapshotOf(UniAssertSubscriber<Snapshot> read) {
        return read.assertCompleted().getItem();
    }

    private Optional<Position> current() {
        return near.current(ORDER).flatMap(NearDocument::document).map(Document::version);
    }

    private Optional<Position> lastKnown() {
        return near.lastKnown(ORDER).flatMap(NearDocument::document).map(Document::version);
    }
}
