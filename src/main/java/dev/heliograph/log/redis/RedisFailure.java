package dev.heliograph.log.redis;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/** The one table from failures between this node and Redis to the problems of clients. */
final class RedisFailure {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** Transient errors of a server that cannot write now. Before Redis 7 they are embedded in a script's error. */
    private static final List<String> TRANSIENT = List.of(
            "OOM ",
            "READONLY ",
            "LOADING ",
            "MASTERDOWN ",
            "CLUSTERDOWN ",
            "TRYAGAIN ",
            "BUSY ",
            "MISCONF ",
            "NOREPLICAS ",
            "UNKILLABLE ",
            "CONNECTION_CLOSED");

    /** Replies to a password that is wrong or missing; the last one if the first command without it is long. */
    private static final List<String> SHUT_OUT =
            List.of("WRONGPASS ", "NOAUTH ", "ERR Protocol error: unauthenticated ");

    private RedisFailure() {}

    /**
     * Turns a failure of the {@link RedisGuard} into the client's problem. A problem that {@link #toProblem} made stays
     * unchanged, and so does a bug of ours.
     */
    static Throwable ofGuard(Throwable failure) {
        if (failure instanceof Uncounted) {
            return failure.getCause();
        }
        if (failure instanceof org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException) {
            return problem(ProblemType.LOG_TIMEOUT, "Redis did not answer in time", failure);
        }
        if (failure instanceof CircuitBreakerOpenException) {
            return problem(
                    ProblemType.LOG_UNAVAILABLE, "most commands to Redis failed of late, so it is left alone", failure);
        }
        return failure instanceof BulkheadException ? busy(failure) : failure;
    }

    /** As {@link #ofGuard}, but a missing right becomes a retryable problem for the client; the guard does not retry it. */
    static Throwable ofGuardToClient(Throwable failure) {
        Throwable told = ofGuard(failure);
        Refusal refusal = isRefused(told) ? Refusal.of(told) : null;
        return refusal == null
                ? told
                : problem(ProblemType.LOG_UNAVAILABLE, "Redis denies the gateway this: " + refusal.words(), told);
    }

    /** Turns the failure of one command into the client's problem; a permanent error of Redis stays unchanged. */
    static Throwable toProblem(Throwable failure) {
        if (failure instanceof ProblemException) {
            return failure;
        }
        if (failure instanceof TimeoutException) {
            return problem(ProblemType.LOG_TIMEOUT, "Redis did not answer in time", failure);
        }
        if (failure instanceof ConnectionPoolTooBusyException || says(failure, "waiting queue is full")) {
            return busy(failure);
        }
        if (isRefused(failure)) {
            return failure;
        }
        if (isShutOut(failure)) {
            return problem(
                    ProblemType.LOG_UNAVAILABLE,
                    "Redis does not let the gateway in: " + failure.getMessage()
                            + ", expected a user and password that it" + " knows in quarkus.redis.hosts",
                    failure);
        }
        Refusal refusal = Refusal.of(failure);
        return problem(
                ProblemType.LOG_UNAVAILABLE,
                refusal == null
                        ? "Redis cannot be used at the moment"
                        : "Redis takes no writes at the moment: " + refusal.words(),
                failure);
    }

    /**
     * Whether it is a permanent error: Redis understood and refused, because of a wrong key type, missing rights or a bug
     * of ours.
     */
    static boolean isRefused(Throwable failure) {
        return failure instanceof Response
                && TRANSIENT.stream().noneMatch(word -> says(failure, word))
                && !isShutOut(failure);
    }

    /** Transient, because a password may be changed on either side. */
    private static boolean isShutOut(Throwable failure) {
        return failure instanceof Response && SHUT_OUT.stream().anyMatch(word -> says(failure, word));
    }

    /** Whether a problem of {@link #toProblem} is our own overload. */
    static boolean isOverload(Throwable failure) {
        return failure instanceof ProblemException told && told.problem().type() == ProblemType.OVERLOADED;
    }

    /** Whether the failure is that of a Redis that is not, or is no longer, a master. */
    static boolean isOfReplica(Throwable failure) {
        return failure instanceof Response && (says(failure, "READONLY ") || says(failure, "MASTERDOWN "));
    }

    static boolean isUnknownScript(Throwable failure) {
        return failure instanceof Response && says(failure, "NOSCRIPT");
    }

    private static ProblemException busy(Throwable failure) {
        return problem(ProblemType.OVERLOADED, "too many commands wait for Redis", failure);
    }

    private static boolean says(Throwable failure, String words) {
        return failure.getMessage() != null && failure.getMessage().contains(words);
    }

    private static ProblemException problem(ProblemType type, String detail, Throwable cause) {
        return new ProblemException(Problem.of(type, detail).retryAfter(RETRY_AFTER), cause);
    }
}
