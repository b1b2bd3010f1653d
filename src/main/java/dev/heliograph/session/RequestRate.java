package dev.heliograph.session;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;
import java.util.Optional;

/** How much of something one connection may send. Belongs to one event loop. */
final class RequestRate {
    private final Bucket bucket;
    private final long burst;
    private final int refusalsBeforeClose;
    private int refusals;

    /**
     * @param burst how much it may send at once
     * @param perSecond how much in the long run
     */
    RequestRate(long burst, long perSecond, int refusalsBeforeClose, TimeMeter clock) {
        this.burst = burst;
        this.refusalsBeforeClose = refusalsBeforeClose;
        this.bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    /**
     * Counts what came; if it is too much, how long until as much may come.
     *
     * @param amount more than 0; more than a whole burst counts as one
     */
    Optional<Duration> refuse(long amount) {
        long counted = Math.min(amount, burst);
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(counted);
        if (probe.isConsumed()) {
            if (probe.getRemainingTokens() == burst - counted) {
                refusals = 0;
            }
            return Optional.empty();
        }
        refusals++;
        return Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    /** Whether too many were refused since it last could have sent a whole burst. */
    boolean isHopeless() {
        return refusals > refusalsBeforeClose;
    }
}
