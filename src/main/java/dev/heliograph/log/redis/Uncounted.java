package dev.heliograph.log.redis;

/**
 * A failure that tells nothing of whether Redis works: it refuses, we misread its answer, or more of ours waits for it than
 * may. Passes the {@link RedisGuard} under this name, so that the circuit does not count it as a failure: it counts it as a
 * success, there is no third. Its cause is what the caller is told, and decides whether it is tried again.
 */
final class Uncounted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Uncounted(Throwable failure) {
        super(failure.getMessage(), failure, false, false);
    }
}
