package dev.heliograph.log.redis;

/** The failure of a writer whose lease another node holds: nothing was appended, and the writer must stop. */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FencedException() {
        super("the lease is not held by this writer", null, false, false);
    }
}
