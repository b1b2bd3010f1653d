package dev.heliograph.http;

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
 * Limits how many large answers (ranges, and documents in polls) are read or wait at a time. Each may be a thousand times
 * as large as any other answer, and shares the way to the log with all others. The numbers are in the configuration ({@code
 * quarkus.fault-tolerance."dev.heliograph.http.ReadGate/pass"}). Any thread may call.
 *
 * <p>Time counts from the request for an answer. An answer that nobody waits for any more is not read, because it would
 * delay all later ones. Waiters go first come, first served, so none waits for longer than {@link #PATIENCE}.
 */
@Singleton
public class ReadGate {
    static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /**
     * Reads when there is room for it. Fails with a failure for {@link #toProblem} if too many wait already, or if waiting
     * and reading together take too long.
     *
     * @param askedNanos the time of the request, by {@link System#nanoTime}
     */
    @Bulkhead
    public <T> Uni<T> pass(long askedNanos, Supplier<Uni<T>> reading) {
        Duration left = PATIENCE.minusNanos(System.nanoTime() - askedNanos);
        if (left.isNegative() || left.isZero()) {
            return Uni.createFrom().failure(overloaded(null));
        }
        return reading.get().ifNoItem().after(left).fail();
    }

    /** Turns a failure to pass into the client's problem; any other failure stays unchanged. */
    public static Throwable toProblem(Throwable failure) {
        if (failure instanceof BulkheadException) {
            return overloaded(failure);
        }
        if (failure instanceof TimeoutException) {
            return problem(ProblemType.LOG_TIMEOUT, "the log could not be read in time", failure);
        }
        return failure;
    }

    private static ProblemException overloaded(Throwable cause) {
        return problem(ProblemType.OVERLOADED, "too many large answers are being read from the log", cause);
    }

    private static ProblemException problem(ProblemType type, String detail, Throwable cause) {
        return new ProblemException(Problem.of(type, detail).retryAfter(RETRY_AFTER), cause);
    }
}
