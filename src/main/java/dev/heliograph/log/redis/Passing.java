package dev.heliograph.log.redis;

import dev.heliograph.problem.ProblemException;
import java.util.function.Predicate;

/** Tells what may go better a moment later: what a client would be told is {@code retryable}. Made by the interceptor. */
public final class Passing implements Predicate<Throwable> {
    @Override
    public boolean test(Throwable failure) {
        return ProblemException.isRetryable(RedisFailure.ofGuard(failure));
    }
}
