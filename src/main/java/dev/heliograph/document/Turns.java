package dev.heliograph.document;

import dev.heliograph.event.Channel;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Lets those who change one document on this node take turns, first come first served: at once they would only make each
 * other begin again, as all but one of them do for each change. The versions, not the turns, keep the document right:
 * writers of other nodes take no turns here. Any thread may call.
 *
 * <p>The first in a line has the turn. Whoever leaves a line lets the next one begin, outside the lock, and by a loop: a
 * turn that ends before it lets anything else happen would otherwise begin the next one within itself, and so on.
 */
final class Turns {
    /** How many may wait for one document. */
    static final int MAX_WAITING = 1000;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    // docs/decisions.md: Writers of one document take turns on their node
    private final Map<Channel, Line> lines = new HashMap<>();
    private final Duration maxWait;

    /** @param maxWait for the turn; a log that hangs holds up each of them until its own timeout */
    Turns(Duration maxWait) {
        this.maxWait = maxWait;
    }

    /**
     * Does the work when it is its turn.
     *
     * @return fails with {@code document-busy} if too many wait or it waits too long, with {@code log-timeout} if it is the
     *     log that all of them wait for, or as the work does
     */
    <T> Uni<T> take(Channel channel, Supplier<Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            var turn = new Turn(channel);
            return begin(turn)
                    .chain(work::get)
                    .onTermination()
                    .invoke((item, failure, isCancelled) -> leave(turn, !isCancelled && !isOfLog(failure)));
        });
    }

    /** Documents that someone changes or waits to change. */
    int lines() {
        synchronized (lines) {
            return lines.size();
        }
    }

    private Uni<Void> begin(Turn turn) {
        return Uni.createFrom()
                .<Void>emitter(emitter -> enter(turn, emitter))
                .ifNoItem()
                .after(maxWait)
                .fail()
                .onFailure(TimeoutException.class)
                .transform(failure -> waitedTooLong(turn));
    }

    private ProblemException waitedTooLong(Turn turn) {
        boolean isLogAnswering;
        synchronized (lines) {
            isLogAnswering = turn.line != null && turn.line.answers > turn.answersBefore;
        }
        return isLogAnswering
                ? busy("others have changed the document for " + maxWait.toMillis() + " ms")
                : LogTimeout.of("The event log has answered none of those who change the document for "
                        + maxWait.toMillis() + " ms; nothing was changed by this request");
    }

    /** @param failure null if there was none */
    private static boolean isOfLog(Throwable failure) {
        return failure instanceof ProblemException told
                && (told.problem().type() == ProblemType.LOG_TIMEOUT
                        || told.problem().type() == ProblemType.LOG_UNAVAILABLE);
    }

    private void enter(Turn turn, UniEmitter<? super Void> emitter) {
        Line line;
        synchronized (lines) {
            line = lines.computeIfAbsent(turn.channel, unused -> new Line());
            if (line.turns.size() <= MAX_WAITING) {
                turn.emitter = emitter;
                turn.line = line;
                turn.answersBefore = line.answers;
                line.turns.add(turn);
            }
        }
        if (turn.emitter == null) {
            emitter.fail(busy(MAX_WAITING + " others wait to change the document"));
        } else {
            letBegin(line);
        }
    }

    /**
     * Also for a turn that never began, or never came into the line.
     *
     * @param isAnswered whether it ended with what the log had answered
     */
    private void leave(Turn turn, boolean isAnswered) {
        Line line;
        synchronized (lines) {
            line = lines.get(turn.channel);
            if (line == null || !line.turns.remove(turn)) {
                return;
            }
            if (turn.hasBegun && isAnswered) {
                line.answers++;
            }
            if (line.turns.isEmpty()) {
                lines.remove(turn.channel);
            }
        }
        letBegin(line);
    }

    private void letBegin(Line line) {
        synchronized (lines) {
            if (line.isLetting) {
                return;
            }
            line.isLetting = true;
        }
        for (Turn next = next(line); next != null; next = next(line)) {
            next.emitter.complete(null);
        }
    }

    /** Who begins now; null, and the loop is over, if there is none or the first has begun already. */
    private Turn next(Line line) {
        synchronized (lines) {
            Turn first = line.turns.peek();
            if (first == null || first.hasBegun) {
                line.isLetting = false;
                return null;
            }
            first.hasBegun = true;
            return first;
        }
    }

    static ProblemException busy(String detail) {
        return new ProblemException(
                Problem.of(ProblemType.DOCUMENT_BUSY, detail).retryAfter(RETRY_AFTER));
    }

    /** Guarded by the lock on {@link #lines}. */
    private static final class Line {
        final Deque<Turn> turns = new ArrayDeque<>();
        /** Whether a thread is letting turns begin. */
        boolean isLetting;
        /** How many turns ended with what the log had answered. */
        long answers;
    }

    /** Guarded by the lock on {@link #lines}, but for its emitter, which is set before it is in the line. */
    private static final class Turn {
        final Channel channel;
        UniEmitter<? super Void> emitter;
        Line line;
        long answersBefore;
        boolean hasBegun;

        Turn(Channel channel) {
            this.channel = channel;
        }
    }
}
