package dev.heliograph.transport.range;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;

/**
 * Lets few ranges be read at a time and few wait, since a range may be a hundred times as large as any other answer and
 * shares the way to the log with all of them. The figures are in the configuration
 * ({@code quarkus.fault-tolerance."dev.heliograph.transport.range.RangeGate/pass"}). Any thread may call.
 */
@Singleton
class RangeGate {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** Fails as {@link #toProblem} knows if there is no room, or if waiting and reading take too long together. */
    @Timeout
    @Bulkhead
    <T> Uni<T> pass(Supplier<Uni<T>> reading) {
        return reading.get();
    }

    /** What the client is told of a failure to pass; any other failure is left as it is. */
    static Throwable toProblem(Throwable failure) {
        if (failure instanceof BulkheadException) {
            return problem(ProblemType.OVERLOADED, "too many ranges are being read", failure);
        }
        if (failure instanceof TimeoutException) {
            return problem(ProblemType.LOG_TIMEOUT, "the range could not be read in time", failure);
        }
        return failure;
    }

    private static ProblemException problem(ProblemType type, String detail, Throwable cause) {
        return new ProblemException(Problem.of(type, detail).retryAfter(RETRY_AFTER), cause);
    }
}
