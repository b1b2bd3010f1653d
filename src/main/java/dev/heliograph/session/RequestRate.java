package dev.heliograph.session;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;
import java.util.Optional;

/** How often one connection may ask for something. Belongs to one event loop. */
final class RequestRate {
    private final Bucket bucket;
    private final int refusalsBeforeClose;
    private int refusals;

    RequestRate(SessionConfig config) {
        this.refusalsBeforeClose = config.refusalsBeforeClose();
        this.bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(config.requestBurst())
                        .refillGreedy(config.requestsPerSecond(), Duration.ofSeconds(1)))
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    /** Counts one request; if it is one too many, how long until the next may come. */
    Optional<Duration> refuse() {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            return Optional.empty();
        }
        refusals++;
        return Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    boolean isHopeless() {
        return refusals > refusalsBeforeClose;
    }
}
