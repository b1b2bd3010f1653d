package dev.heliograph.hub;

import dev.heliograph.log.Gap;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The metrics of the hub. Any thread may call. */
final class HubMetrics {
    private static final Duration LEAST_LAG = Duration.ofMillis(1);
    private static final Duration MAX_LAG = Duration.ofSeconds(10);

    private final LongAdder deliveries = new LongAdder();
    private final LongAdder subscriptions = new LongAdder();
    private final Timer lag;
    private final Timer turn;
    private final Counter resyncs;
    private final Counter slow;
    private final Map<Gap.Reason, Counter> gaps = new EnumMap<>(Gap.Reason.class);

    HubMetrics(Audiences audiences, MeterRegistry registry) {
        Gauge.builder("heliograph_hub_channels", audiences, Audiences::size).register(registry);
        Gauge.builder("heliograph_hub_subscriptions", subscriptions, LongAdder::sum)
                .register(registry);
        FunctionCounter.builder("heliograph_hub_deliveries", deliveries, LongAdder::sum)
                .register(registry);
        lag = Timer.builder("heliograph_hub_lag")
                .publishPercentileHistogram()
                .minimumExpectedValue(LEAST_LAG)
                .maximumExpectedValue(MAX_LAG)
                .register(registry);
        turn = Timer.builder("heliograph_hub_turn").register(registry);
        resyncs = Counter.builder("heliograph_hub_resyncs").register(registry);
        slow = Counter.builder("heliograph_hub_slow_subscriptions").register(registry);
        for (Gap.Reason reason : Gap.Reason.values()) {
            gaps.put(
                    reason,
                    Counter.builder("heliograph_hub_gaps")
                            .tag("reason", reason.wireName())
                            .register(registry));
        }
    }

    void onStart() {
        subscriptions.increment();
    }

    void onEnd() {
        subscriptions.decrement();
    }

    /** Events were written to clients. */
    void onDelivered(long events) {
        deliveries.add(events);
    }

    /**
     * A lane has encoded and written all that waited, to all its clients.
     *
     * @param lagNanos since the node got the oldest entry
     * @param turnNanos how long it took
     */
    void onTurn(long lagNanos, long turnNanos) {
        lag.record(lagNanos, TimeUnit.NANOSECONDS);
        turn.record(turnNanos, TimeUnit.NANOSECONDS);
    }

    /** A channel's announcements had a hole, or possibly had one. */
    void onResync() {
        resyncs.increment();
    }

    /** A client got a gap. */
    void onGap(Gap gap) {
        gaps.get(gap.reason()).increment();
    }

    /** A client's socket became full. */
    void onSlow() {
        slow.increment();
    }
}
