package dev.heliograph.publish.redis;

import java.time.Duration;

/**
 * Whether a connection that only listens still hears: when nothing came over it for an interval, a probe is due, which has
 * to come back within the timeout. Looked at now and then; who looks seldom is told of the probe first, however long nothing
 * came. Confined to one context.
 */
final class Hearing {
    private final long intervalNanos;
    private final long timeoutNanos;
    private long heardNanos;
    private long probedNanos;
    private boolean isEchoAwaited;

    /** What a look finds. */
    enum Sign {
        /** Something came lately. */
        GOOD,
        /** A probe is to be sent, maybe once more. */
        QUIET,
        /** The probe did not come back in time. */
        DEAF
    }

    Hearing(Duration interval, Duration timeout) {
        this.intervalNanos = interval.toNanos();
        this.timeoutNanos = timeout.toNanos();
    }

    /** Something came, or the connection begins. */
    void heard(long nowNanos) {
        heardNanos = nowNanos;
        isEchoAwaited = false;
    }

    Sign look(long nowNanos) {
        if (isEchoAwaited) {
            return nowNanos - probedNanos > timeoutNanos ? Sign.DEAF : Sign.QUIET;
        }
        if (nowNanos - heardNanos <= intervalNanos) {
            return Sign.GOOD;
        }
        isEchoAwaited = true;
        probedNanos = nowNanos;
        return Sign.QUIET;
    }
}
