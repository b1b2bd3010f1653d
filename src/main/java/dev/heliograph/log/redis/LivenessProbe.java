package dev.heliograph.log.redis;

import java.time.Duration;

/**
 * The liveness of a connection that only listens. When nothing came over it for an interval, a probe is due, which has to come
 * back within the timeout. A late look finds the probe due first, however long nothing came. Confined to one context, except
 * {@link #lastHeardNanos}.
 */
final class LivenessProbe {
    private final long intervalNanos;
    private final long timeoutNanos;
    private volatile long heardNanos = System.nanoTime();
    private long probedNanos;
    private boolean isEchoAwaited;

    /** What a look finds. */
    enum Sign {
        /** Something came recently. */
        ALIVE,
        /** A probe is to be sent, maybe once more. */
        SILENT,
        /** The probe did not come back in time. */
        DEAD
    }

    LivenessProbe(Duration interval, Duration timeout) {
        this.intervalNanos = interval.toNanos();
        this.timeoutNanos = timeout.toNanos();
    }

    /** Something came, or the connection begins. */
    void heard(long nowNanos) {
        heardNanos = nowNanos;
        isEchoAwaited = false;
    }

    /** Any thread may call. */
    long lastHeardNanos() {
        return heardNanos;
    }

    Sign look(long nowNanos) {
        if (isEchoAwaited) {
            return nowNanos - probedNanos > timeoutNanos ? Sign.DEAD : Sign.SILENT;
        }
        if (nowNanos - heardNanos <= intervalNanos) {
            return Sign.ALIVE;
        }
        isEchoAwaited = true;
        probedNanos = nowNanos;
        return Sign.SILENT;
    }
}
