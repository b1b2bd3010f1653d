package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final Duration DELAY = Duration.ofSeconds(12);

    @Test
    void stopWaitsForRestOfDelay() {
        assertThat(Drain.rest(DELAY, Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void stopOfDrainedNodeWaitsForNothing() {
        assertThat(Drain.rest(DELAY, Duration.ofMinutes(5))).isZero();
    }
}
