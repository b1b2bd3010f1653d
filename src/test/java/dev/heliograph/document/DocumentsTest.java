package dev.heliograph.document;

import static dev.heliograph.document.HandDrivenDocuments.ORDER;
import static dev.heliograph.document.HandDrivenDocuments.at;
import static dev.heliograph.document.HandDrivenDocuments.change;
import static dev.heliograph.document.HandDrivenDocuments.none;
import static dev.heliograph.document.HandDrivenDocuments.snapshot;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.document.Documents.Write;
import dev.heliograph.document.Documents.Written;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The answer to a writer, and the cached document after it, for each answer of the log. */
class DocumentsTest {
    private static final Condition ANYTHING = new Condition(Condition.Kind.PRESENT, null);
    private static final String TYPE = "order.updated";
    private static final String KEY = "key";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final HandDrivenDocuments log = new HandDrivenDocuments();
    private final CachedDocuments cached = log.cached();
    private final Documents documents = withWriteTimeout(LIMIT);

    @Test
    void cachesItsOwnChangeAtOnce() {
        keepCached();

        var writing = write(null, "{\"n\":2}");
        log.answerChange(new Accepted(log.lastChange().id(), at(2), false));

        assertThat(writing.assertCompleted().getItem().version()).isEqualTo(at(2));
        assertThat(current()).contains(at(2));
    }

    @Test
    void cachesNoChangeAsCurrentAfterADoubtMeanwhile() {
        keepCached();

        var writing = write(null, "{\"n\":2}");
        log.doubt();
        log.answerChange(new Accepted(log.lastChange().id(), at(2), false));

        writing.assertCompleted();
        assertThat(current()).isEmpty();
    }

    @Test
    void changesCachedDocumentWithoutReadingIt() {
        keepCached();

        var writing = write(null, "{\"n\":2}");

        assertThat(log.reads).isEmpty();
        assertThat(log.expected).containsExactly(Expected.version(at(1)));
        writing.assertNotTerminated();
    }

    @Test
    void readsDocumentThatIsNewerThanTheCachedOne() {
        keepCached();

        var writing = write(null, "{\"n\":3}");
        log.refuseChange();
        log.answerRead(snapshot(2, 2));
        log.answerChange(new Accepted(log.lastChange().id(), at(3), false));

        assertThat(log.expected).containsExactly(Expected.version(at(1)), Expected.version(at(2)));
        assertThat(writing.assertCompleted().getItem().version()).isEqualTo(at(3));
    }

    @Test
    void refusesVersionThatOnlyTheCacheHas() {
        keepCached();

        var writing = write(new Condition(Condition.Kind.TAG, at(1).cursor()), replacement("{\"n\":3}"));
        log.refuseChange();
        log.answerRead(snapshot(2, 2));

        assertThat(problem(writing)).isEqualTo(ProblemType.PRECONDITION_FAILED);
        assertThat(log.changes).hasSize(1);
    }

    @Test
    void triesPatchThatDoesNotFitTheCacheOnTheReadDocument() {
        keepCached();
        Edit ifTwo = JsonPatch.read(
                """
                [{"op":"test","path":"/n","value":2},{"op":"replace","path":"/n","value":3}]"""
                        .getBytes(UTF_8));

        var writing = write(ANYTHING, ifTwo);
        log.answerRead(snapshot(2, 2));
        log.answerChange(new Accepted(log.lastChange().id(), at(3), false));

        assertThat(log.expected).containsExactly(Expected.version(at(2)));
        assertThat(writing.assertCompleted().getItem().json()).asString(UTF_8).isEqualTo("{\"n\":3}");
    }

    @Test
    void checksConditionAgainstTheReadDocumentIfTheCachedOneFailsIt() {
        keepCached();

        var creating = write(new Condition(Condition.Kind.ABSENT, null), replacement("{\"n\":3}"));
        assertThat(log.changes).isEmpty();
        log.answerRead(none(2));
        log.answerChange(new Accepted(log.lastChange().id(), at(3), false));

        assertThat(log.expected).containsExactly(Expected.NOTHING);
        assertThat(creating.assertCompleted().getItem().created()).isTrue();
    }

    @Test
    void answersRepeatForChangeThatAnotherNodeMade() {
        keepCached();
        log.history.put(at(2), change(2));

        var writing = write(KEY, "{\"n\":2}");
        log.answerChange(new Accepted("another", at(2), true));

        assertThat(writing.assertCompleted().getItem().repeated()).isTrue();
        assertThat(current()).isEmpty();
        assertThat(cached.lastKnown(ORDER).flatMap(CachedDocument::document).map(it -> new String(it.json(), UTF_8)))
                .contains("{\"n\":1}");
    }

    @Test
    void answersNoRepeatForTheLogsOwnSecondTry() {
        var writing = write(null, "{\"n\":2}");
        log.answerRead(snapshot(1, 1));
        log.answerChange(new Accepted(log.lastChange().id(), at(2), true));

        Written written = writing.assertCompleted().getItem();
        assertThat(written.repeated()).isFalse();
        assertThat(written.modified()).isEqualTo(log.lastChange().time());
        assertThat(written.json()).asString(UTF_8).isEqualTo("{\"n\":2}");
    }

    @Test
    void answersDocumentBusyAfterTheLastAttempt() {
        keepCached();

        var writing = write(null, "{\"n\":3}");
        log.refuseChange();
        for (int i = 0; i < Documents.MAX_ATTEMPTS; i++) {
            writing.assertNotTerminated();
            log.answerRead(snapshot(2 + i, 2 + i));
            log.refuseChange();
        }

        assertThat(problem(writing)).isEqualTo(ProblemType.DOCUMENT_BUSY);
        assertThat(log.changes).hasSize(1 + Documents.MAX_ATTEMPTS);
        assertThat(log.reads).isEmpty();
    }

    @Test
    void givesUpSlowChangeAndLetsTheNextBegin() {
        Documents impatient = withWriteTimeout(Duration.ofSeconds(1));

        var writing = write(impatient, null, "{\"n\":2}");

        assertThat(problem(writing)).isEqualTo(ProblemType.LOG_TIMEOUT);
        write(impatient, null, "{\"n\":2}");
        assertThat(log.reads).hasSize(2);
    }

    private Documents withWriteTimeout(Duration timeout) {
        return new Documents(log, cached, new Versions(log), HandDrivenDocuments.config(timeout), log.clock);
    }

    private void keepCached() {
        cached.read(ORDER).subscribe().withSubscriber(UniAssertSubscriber.create());
        log.answerRead(snapshot(1, 1));
    }

    private Optional<Position> current() {
        return cached.current(ORDER).flatMap(CachedDocument::document).map(Document::version);
    }

    private UniAssertSubscriber<Written> write(String key, String json) {
        return write(documents, key, json);
    }

    private UniAssertSubscriber<Written> write(Condition condition, Edit edit) {
        return write(documents, new Write(ORDER, TYPE, condition, false, null), edit);
    }

    private static UniAssertSubscriber<Written> write(Documents documents, String key, String json) {
        return write(documents, new Write(ORDER, TYPE, ANYTHING, false, key), replacement(json));
    }

    private static UniAssertSubscriber<Written> write(Documents documents, Write write, Edit edit) {
        return documents.write(write, edit).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private static Edit replacement(String json) {
        return Edit.replaceBy(json.getBytes(UTF_8));
    }

    private static ProblemType problem(UniAssertSubscriber<Written> writing) {
        Throwable failure = writing.awaitFailure(LIMIT).getFailure();
        assertThat(failure).isInstanceOf(ProblemException.class);
        return ((ProblemException) failure).problem().type();
    }
}
