package dev.heliograph.log.redis;

/**
 * A failure that says nothing about the health of Redis: a permanent error, a misread answer, or an overload of this node.
 * It passes the {@link RedisGuard} under this name, so that the circuit does not count it as a failure; the circuit counts
 * it as a success, because it has no third outcome. Its cause is the failure for the caller, and decides about retries.
 */
final class Uncounted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Uncounted(Throwable failure) {
        super(failure.getMessage(), failure, false, false);
    }
}
