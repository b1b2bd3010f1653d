package dev.heliograph.log.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between retries. Each is twice the one before, and half of it is random, so that nodes do not come back at the
 * same time. After a connection that has {@linkplain #skipFirst lasted}, the first retry comes without a pause.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 5_000;

    private long nextMillis = FIRST_MILLIS;

    Duration next() {
        long ceiling = nextMillis;
        nextMillis = Math.max(FIRST_MILLIS, Math.min(LONGEST_MILLIS, 2 * nextMillis));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
    }

    void reset() {
        nextMillis = FIRST_MILLIS;
    }

    /** Makes the next pause none. */
    void skipFirst() {
        nextMillis = 0;
    }
}
