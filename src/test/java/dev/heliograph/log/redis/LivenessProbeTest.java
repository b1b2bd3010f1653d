package dev.heliograph.log.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.log.redis.LivenessProbe.Sign;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessProbeTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final LivenessProbe probe = new LivenessProbe(INTERVAL, TIMEOUT);

    @Test
    void whatCameLatelyIsEnough() {
        probe.heard(seconds(1));

        assertThat(probe.look(seconds(6))).isEqualTo(Sign.ALIVE);
    }

    @Test
    void aProbeThatComesBackIsEnough() {
        probe.heard(0);
        assertThat(probe.look(seconds(5.5))).isEqualTo(Sign.SILENT);

        probe.heard(seconds(5.6));

        assertThat(probe.look(seconds(10))).isEqualTo(Sign.ALIVE);
    }

    @Test
    void aProbeIsSentAgainUntilItsTimeIsOver() {
        probe.heard(0);
        assertThat(probe.look(seconds(5.5))).isEqualTo(Sign.SILENT);
        assertThat(probe.look(seconds(7.5))).isEqualTo(Sign.SILENT);

        assertThat(probe.look(seconds(8))).isEqualTo(Sign.DEAD);
    }

    /** As with a lease so long that ticks are further apart than the timeout. */
    @Test
    void whoLooksSeldomProbesBeforeItGivesUp() {
        probe.heard(seconds(0.1));
        assertThat(probe.look(seconds(5))).isEqualTo(Sign.ALIVE);

        assertThat(probe.look(seconds(60))).isEqualTo(Sign.SILENT);

        assertThat(probe.look(seconds(65))).isEqualTo(Sign.DEAD);
    }

    @Test
    void theNextConnectionBeginsAnew() {
        probe.heard(0);
        probe.look(seconds(6));
        probe.look(seconds(9));

        probe.heard(seconds(9));

        assertThat(probe.look(seconds(14))).isEqualTo(Sign.ALIVE);
        assertThat(probe.look(seconds(15))).isEqualTo(Sign.SILENT);
    }

    private static long seconds(double seconds) {
        return (long) (seconds * 1e9);
    }
}
