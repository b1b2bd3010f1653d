package dev.heliograph.log.redis;

import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.faulttolerance.api.ExponentialBackoff;
import io.smallrye.faulttolerance.api.RetryWhen;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/**
 * What every command to Redis on behalf of a client, and every append of a raw message, passes: it is tried again with
 * growing, jittered pauses, each try has its time, and while most of them fail Redis is left alone. The figures are in the
 * configuration ({@code quarkus.fault-tolerance."dev.heliograph.log.redis.RedisGuard/..."}). Reads and writes break apart,
 * for a Redis that is full or read-only still answers. What will not {@linkplain Passing pass} is not tried again, and no
 * failure to the circuit, for one broken key would keep everybody from all others. Nor is what we are too busy for, which is
 * tried again: many readers at once say nothing of Redis. Both fail as {@link Uncounted}; the circuit, which knows nothing
 * between, takes them for successes. Any thread may call.
 */
@Singleton
public class RedisGuard {
    private static final Passing PASSING = new Passing();

    /** @param command changes nothing; made anew for each try */
    @Retry
    @RetryWhen(exception = Passing.class)
    @ExponentialBackoff
    @Timeout
    @CircuitBreaker(skipOn = {Uncounted.class, BulkheadException.class})
    @CircuitBreakerName("redis-reads")
    @Bulkhead
    public <T> Uni<T> read(Supplier<Uni<T>> command) {
        return told(command);
    }

    /** @param command does what it does once, however often it is tried */
    @Retry
    @RetryWhen(exception = Passing.class)
    @ExponentialBackoff
    @Timeout
    @CircuitBreaker(skipOn = {Uncounted.class, BulkheadException.class})
    @CircuitBreakerName("redis-writes")
    @Bulkhead
    public <T> Uni<T> write(Supplier<Uni<T>> command) {
        return told(command);
    }

    private static <T> Uni<T> told(Supplier<Uni<T>> command) {
        return command.get()
                .onFailure(failure -> !PASSING.test(failure) || RedisFailure.isOverload(failure))
                .transform(Uncounted::new);
    }
}
