package dev.heliograph.publish;

import static dev.heliograph.wire.WireNames.EVENTS;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemCount;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemMapper;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.Publisher.Draft;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** Publishes the elements of a batch one after the other. Answers each, so that a bad one does not harm the others. */
@Singleton
final class BatchPublisher {
    static final int MAX_EVENTS = 100;

    private final Publisher publisher;

    BatchPublisher(Publisher publisher) {
        this.publisher = publisher;
    }

    /**
     * Publishes in order. After a failure of the log, the rest is not tried and gets the same problem, because a later
     * event must not overtake an earlier one. The client repeats them together.
     *
     * @param events one reader for each; a reader throws the problem of its event
     * @param idempotencyKey of the whole batch; null if there is none
     * @return one answer for each element, in order
     * @throws ProblemException {@code batch-too-large}
     */
    Uni<List<PublishAnswer>> publish(List<Uni<Draft>> events, String idempotencyKey) {
        if (events.size() > MAX_EVENTS) {
            throw ProblemException.inField(
                    ProblemType.BATCH_TOO_LARGE, EVENTS, events.size(), "at most " + MAX_EVENTS + " events");
        }
        var logFailure = new AtomicReference<Problem>();
        return Multi.createFrom()
                .iterable(() -> IntStream.range(0, events.size()).iterator())
                .onItem()
                .transformToUniAndConcatenate(i -> {
                    String key = idempotencyKey == null ? null : idempotencyKey + '/' + i;
                    return logFailure.get() == null
                            ? publishOne(events.get(i), key, logFailure, i)
                            : Uni.createFrom().item(refused(logFailure.get(), i));
                })
                .collect()
                .asList();
    }

    private Uni<PublishAnswer> publishOne(
            Uni<Draft> event, String key, AtomicReference<Problem> logFailure, int index) {
        return event.map(read -> IdempotencyKey.apply(key, read))
                .chain(draft -> publisher.publish(draft).map(accepted ->
                        (PublishAnswer) PublishAnswer.Published.of(draft.channel(), accepted)))
                .onFailure()
                .recoverWithItem(failure -> {
                    Problem problem = ProblemMapper.toProblem(failure);
                    if (problem.type().isRetryable()) {
                        logFailure.set(problem);
                    }
                    return refused(problem, index);
                });
    }

    private static PublishAnswer refused(Problem problem, int index) {
        return new PublishAnswer.Refused(ProblemCount.counted(problem.within("events[" + index + "]")));
    }
}
