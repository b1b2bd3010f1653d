package dev.heliograph.log.redis;

import dev.heliograph.problem.ProblemException;
import java.util.function.Predicate;

/**
 * Whether a failure is transient: the problem that a client would get is {@code retryable}. The interceptor makes the
 * instance.
 */
public final class Transient implements Predicate<Throwable> {
    @Override
    public boolean test(Throwable failure) {
        return ProblemException.isRetryable(RedisFailure.ofGuard(failure));
    }
}
