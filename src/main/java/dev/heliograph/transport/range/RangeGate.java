package dev.heliograph.transport.range;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/**
 * Lets few ranges be read at a time and few wait, since a range may be a thousand times as large as any other answer and
 * shares the way to the log with all of them. How many is in the configuration
 * ({@code quarkus.fault-tolerance."dev.heliograph.transport.range.RangeGate/pass"}). Any thread may call.
 *
 * <p>Time counts from when a range was asked for. What nobody waits for any more is not read, or else the ranges that were
 * given up would keep back all that follow. Those that wait go first come, first served, so none waits for longer than
 * {@link #PATIENCE}.
 */
@Singleton
class RangeGate {
    static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /**
     * Reads a range when there is room for it. Fails, as {@link #toProblem} tells, if too many wait already, or if waiting
     * and reading take too long together.
     *
     * @param askedNanos when the range was asked for, by {@link System#nanoTime}
     */
    @Bulkhead
    <T> Uni<T> pass(long askedNanos, Supplier<Uni<T>> reading) {
        Duration left = PATIENCE.minusNanos(System.nanoTime() - askedNanos);
        if (left.isNegative() || left.isZero()) {
            return Uni.createFrom().failure(isOverloaded(null));
        }
        return reading.get().ifNoItem().after(left).fail();
    }

    /** What the client is told of a failure to pass; any other failure is left as it is. */
    static Throwable toProblem(Throwable failure) {
        if (failure instanceof BulkheadException) {
            return isOverloaded(failure);
        }
        if (failure instanceof TimeoutException) {
            return problem(ProblemType.LOG_TIMEOUT, "the range could not be read in time", failure);
        }
        return failure;
    }

    private static ProblemException isOverloaded(Throwable cause) {
        return problem(ProblemType.OVERLOADED, "too many ranges are being read", cause);
    }

    private static ProblemException problem(ProblemType type, String detail, Throwable cause) {
        return new ProblemException(Problem.of(type, detail).retryAfter(RETRY_AFTER), cause);
    }
}
