package dev.heliograph.log.redis;

import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.faulttolerance.api.ExponentialBackoff;
import io.smallrye.faulttolerance.api.RetryWhen;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/**
 * The guard that every command to Redis on behalf of a client, and every append of a raw message, passes. It retries with
 * growing, jittered pauses, gives each attempt a timeout, and has a circuit breaker that opens while most commands fail.
 * The figures are in the configuration ({@code quarkus.fault-tolerance."dev.heliograph.log.redis.RedisGuard/..."}). Reads
 * and writes have a circuit each, because a Redis that is full or read-only still answers reads. Permanent errors (not
 * {@link Transient}) are not retried and do not count as failures of the circuit, so one bad key cannot open it. An
 * overload of this node is retried, and does not count either, because many readers at once say nothing about Redis. Both
 * fail as {@link Uncounted}, which the circuit counts as a success: it has no third outcome. Any thread may call.
 */
@Singleton
public class RedisGuard {
    /** Longer than all attempts of one append or change together; a node with other figures does not start. */
    public static final Duration TRIES_WINDOW = Duration.ofSeconds(30);

    private static final Transient TRANSIENT = new Transient();

    /** @param command changes nothing; is made again for each attempt */
    @Retry
    @RetryWhen(exception = Transient.class)
    @ExponentialBackoff
    @Timeout
    @CircuitBreaker(skipOn = {Uncounted.class, BulkheadException.class})
    @CircuitBreakerName("redis-reads")
    @Bulkhead
    public <T> Uni<T> read(Supplier<Uni<T>> command) {
        return markUncounted(command);
    }

    /** @param command has its effect once, even after several attempts */
    @Retry
    @RetryWhen(exception = Transient.class)
    @ExponentialBackoff
    @Timeout
    @CircuitBreaker(skipOn = {Uncounted.class, BulkheadException.class})
    @CircuitBreakerName("redis-writes")
    @Bulkhead
    public <T> Uni<T> write(Supplier<Uni<T>> command) {
        return markUncounted(command);
    }

    private static <T> Uni<T> markUncounted(Supplier<Uni<T>> command) {
        return command.get()
                .onFailure(failure -> !TRANSIENT.test(failure) || RedisFailure.isOverload(failure))
                .transform(Uncounted::new);
    }
}
