package dev.heliograph.session;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;
import java.util.Optional;

/** How often one connection may ask for something. Belongs to one event loop. */
final class RequestRate {
    private final Bucket bucket;
    private final int burst;
    private final int refusalsBeforeClose;
    private int refusals;

    RequestRate(SessionConfig config) {
        this(
                config.requestBurst(),
                config.requestsPerSecond(),
                config.refusalsBeforeClose(),
                TimeMeter.SYSTEM_NANOTIME);
    }

    RequestRate(int burst, int requestsPerSecond, int refusalsBeforeClose, TimeMeter clock) {
        this.burst = burst;
        this.refusalsBeforeClose = refusalsBeforeClose;
        this.bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(requestsPerSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    /** Counts one request; if it is one too many, how long until the next may come. */
    Optional<Duration> refuse() {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            if (probe.getRemainingTokens() == burst - 1) {
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
