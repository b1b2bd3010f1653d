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
 * Lets few large answers, ranges and the documents of polls, be read at a time and few wait, since each may be a thousand
 * times as large as any other answer and shares the way to the log with all of them. How many is in the configuration
 * ({@code quarkus.fault-tolerance."dev.heliograph.http.ReadGate/pass"}). Any thread may call.
 *
 * <p>Time counts from when an answer was asked for. What nobody waits for any more is not read, or else the answers that
 * were given up would keep back all that follow. As those who came earlier also end earlier, nobody waits for longer either.
 */
@Singleton
public class ReadGate {
    static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /**
     * Fails as {@link #toProblem} knows if there is no room, or if waiting and reading take too long together.
     *
     * @param askedNanos when the answer was asked for, by {@link System#nanoTime}
     */
    @Bulkhead
    public <T> Uni<T> pass(long askedNanos, Supplier<Uni<T>> reading) {
        Duration left = PATIENCE.minusNanos(System.nanoTime() - askedNanos);
        if (left.isNegative() || left.isZero()) {
            return Uni.createFrom().failure(isOverloaded(null));
        }
        return reading.get().ifNoItem().after(left).fail();
    }

    /** What the client is told of a failure to pass; any other failure is left as it is. */
    public static Throwable toProblem(Throwable failure) {
        if (failure instanceof BulkheadException) {
            return isOverloaded(failure);
        }
        if (failure instanceof TimeoutException) {
            return problem(ProblemType.LOG_TIMEOUT, "the log could not be read in time", failure);
        }
        return failure;
    }

    private static ProblemException isOverloaded(Throwable cause) {
        return problem(ProblemType.OVERLOADED, "too many large answers are being read from the log", cause);
    }

    private static ProblemException problem(ProblemType type, String detail, Throwable cause) {
        return new ProblemException(Problem.of(type, detail).retryAfter(RETRY_AFTER), cause);
    }
}
