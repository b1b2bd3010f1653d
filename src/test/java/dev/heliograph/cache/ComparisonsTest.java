package dev.heliograph.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.cache.Comparisons.Comparison;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When a cached value is compared with the log. */
class ComparisonsTest {
    private static final Duration INTERVAL = Duration.ofSeconds(60);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final Comparisons comparisons = new Comparisons(INTERVAL, nanos::get);
    private final AtomicInteger begun = new AtomicInteger();
    private final Comparison next = comparisons.next();

    @Test
    void isNotDueBeforeTheIntervalIsOver() {
        nanos.addAndGet(INTERVAL.toNanos() - 1);

        assertThat(allows(next)).isTrue();
        assertThat(begun).hasValue(0);
    }

    @Test
    void beginsOnceAfterAQuarterMoreAndAllowsTheValueMeanwhile() {
        nanos.addAndGet(Duration.ofSeconds(75).toNanos() - 1);

        assertThat(allows(next)).isTrue();
        assertThat(allows(next)).isTrue();
        assertThat(begun).hasValue(1);
    }

    @Test
    void allowsNothingAfterTwoIntervals() {
        nanos.addAndGet(Duration.ofSeconds(120).toNanos() - 1);
        assertThat(allows(next)).isTrue();

        nanos.incrementAndGet();

        assertThat(allows(next)).isFalse();
    }

    @Test
    void spreadsComparisonsOfSimultaneousReads() {
        var all = Stream.generate(comparisons::next).limit(1000).toList();
        nanos.addAndGet(Duration.ofMillis(67_500).toNanos());

        all.forEach(this::allows);

        assertThat(begun.get()).isBetween(300, 700);
    }

    private boolean allows(Comparison comparison) {
        return comparison.allows(() -> Uni.createFrom().item(begun.incrementAndGet()));
    }
}
