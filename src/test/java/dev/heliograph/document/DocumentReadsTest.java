package dev.heliograph.document;

import static dev.heliograph.document.HandDrivenDocuments.ORDER;
import static dev.heliograph.document.HandDrivenDocuments.at;
import static dev.heliograph.document.HandDrivenDocuments.none;
import static dev.heliograph.document.HandDrivenDocuments.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.document.DocumentReads.Found;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DocumentReadsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final ProblemException FAILURE = LogTimeout.ofLog();

    private final HandDrivenDocuments log = new HandDrivenDocuments();
    private final CachedDocuments cached = log.cached();
    private final FreshReads fresh = new FreshReads(cached, HandDrivenDocuments.config(), new SimpleMeterRegistry());
    private final DocumentReads reads = new DocumentReads(log, cached, fresh, new SimpleMeterRegistry());

    @Test
    void readsDocumentFromLogOnceThenFromCache() {
        var first = read();
        log.answerRead(snapshot(1, 1));
        var second = read();

        assertThat(first.getItem().isCached()).isFalse();
        assertThat(second.getItem().isCached()).isTrue();
        assertThat(second.getItem().isStale()).isFalse();
        assertThat(second.getItem().document().map(Document::version)).contains(at(1));
    }

    @Test
    void absenceOfADocumentIsKnownFromTheCache() {
        read();
        log.answerRead(none(0));

        Found found = read().getItem();

        assertThat(found.isCached()).isTrue();
        assertThat(found.document()).isEmpty();
    }

    @Test
    void theLastKnownDocumentIsTheFallbackWhileTheLogIsSilent() {
        outdated(snapshot(1, 1));

        read().awaitFailure(failure -> assertThat(failure).isInstanceOf(ProblemException.class), LIMIT);
        Found found = fallback().getItem();

        assertThat(found.isStale()).isTrue();
        assertThat(found.document().map(Document::version)).contains(at(1));
    }

    @Test
    void formerAbsenceOfADocumentIsNoFallback() {
        outdated(none(0));

        var waiting = read();
        var fallback = fallback();

        assertThat(fallback.assertFailedWith(ProblemException.class).getFailure())
                .isSameAs(FAILURE);
        log.answerRead(snapshot(1, 1));
        assertThat(waiting.awaitItem(LIMIT).getItem().document().map(Document::version))
                .contains(at(1));
    }

    @Test
    void unknownDocumentFailsAsTheLogDoes() {
        assertThat(fallback().assertFailedWith(ProblemException.class).getFailure())
                .isSameAs(FAILURE);
    }

    @Test
    void requestedVersionIsCheckedAgainstTheLog() {
        read();
        log.answerRead(snapshot(1, 1));

        var second = read(at(2));
        log.answerRead(snapshot(2, 2));
        var first = read(at(1));
        log.answerRead(snapshot(2, 2));

        assertThat(second.assertCompleted().getItem().document().map(Document::version))
                .contains(at(2));
        assertThat(first.assertFailedWith(ProblemException.class).getFailure())
                .hasMessageContaining("which the request rules out");
    }

    @Test
    void requestForAVersionDoesNotShareAReadThatBeganBefore() {
        var earlier = read();

        var later = read(at(2));
        log.answerRead(snapshot(1, 1));
        log.answerRead(snapshot(2, 2));

        assertThat(earlier.assertCompleted().getItem().document().map(Document::version))
                .contains(at(1));
        assertThat(later.assertCompleted().getItem().document().map(Document::version))
                .contains(at(2));
    }

    private void outdated(Snapshot known) {
        read();
        log.answerRead(known);
        log.doubt();
    }

    private UniAssertSubscriber<Found> read() {
        return reads.read(ORDER, new Condition(Condition.Kind.NONE, null))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private UniAssertSubscriber<Found> read(Position version) {
        return reads.read(ORDER, new Condition(Condition.Kind.TAG, version.cursor()))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    /** What the annotation calls when the read has failed. */
    private UniAssertSubscriber<Found> fallback() {
        return fresh.lastKnown(ORDER, FAILURE).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
