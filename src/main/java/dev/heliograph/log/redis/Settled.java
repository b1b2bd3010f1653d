package dev.heliograph.log.redis;

/**
 * A failure that no further try would change: Redis works and refuses, or we misread its answer. Passes the
 * {@link RedisGuard} under this name, so that neither retry nor circuit mind it; its cause is what the caller is told.
 */
final class Settled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Settled(Throwable failure) {
        super(failure.getMessage(), failure, false, false);
    }
}
