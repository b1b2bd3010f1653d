package dev.heliograph.publish.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.publish.redis.Hearing.Sign;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HearingTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Hearing hearing = new Hearing(INTERVAL, TIMEOUT);

    @Test
    void whatCameLatelyIsEnough() {
        hearing.heard(seconds(1));

        assertThat(hearing.look(seconds(6))).isEqualTo(Sign.GOOD);
    }

    @Test
    void aProbeThatComesBackIsEnough() {
        hearing.heard(0);
        assertThat(hearing.look(seconds(5.5))).isEqualTo(Sign.QUIET);

        hearing.heard(seconds(5.6));

        assertThat(hearing.look(seconds(10))).isEqualTo(Sign.GOOD);
    }

    @Test
    void aProbeIsSentAgainUntilItsTimeIsOver() {
        hearing.heard(0);
        assertThat(hearing.look(seconds(5.5))).isEqualTo(Sign.QUIET);
        assertThat(hearing.look(seconds(7.5))).isEqualTo(Sign.QUIET);

        assertThat(hearing.look(seconds(8))).isEqualTo(Sign.DEAF);
    }

    /** As with a lease so long that ticks are further apart than the timeout. */
    @Test
    void whoLooksSeldomProbesBeforeItGivesUp() {
        hearing.heard(seconds(0.1));
        assertThat(hearing.look(seconds(5))).isEqualTo(Sign.GOOD);

        assertThat(hearing.look(seconds(60))).isEqualTo(Sign.QUIET);

        assertThat(hearing.look(seconds(65))).isEqualTo(Sign.DEAF);
    }

    @Test
    void theNextConnectionBeginsAnew() {
        hearing.heard(0);
        hearing.look(seconds(6));
        hearing.look(seconds(9));

        hearing.heard(seconds(9));

        assertThat(hearing.look(seconds(14))).isEqualTo(Sign.GOOD);
        assertThat(hearing.look(seconds(15))).isEqualTo(Sign.QUIET);
    }

    private static long seconds(double seconds) {
        return (long) (seconds * 1e9);
    }
}
