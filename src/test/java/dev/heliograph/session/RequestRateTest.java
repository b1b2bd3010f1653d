package dev.heliograph.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestRateTest {
    private static final int BURST = 10;
    private static final int REFUSALS_BEFORE_CLOSE = 3;

    private final ManualTime time = new ManualTime();
    private final RequestRate rate = new RequestRate(BURST, 10, REFUSALS_BEFORE_CLOSE, time);

    @Test
    void tooManyRefusalsInOneGoAreHopeless() {
        request(BURST + REFUSALS_BEFORE_CLOSE);
        assertThat(rate.isHopeless()).isFalse();

        request(1);

        assertThat(rate.isHopeless()).isTrue();
    }

    @Test
    void refusalsAreForgottenAfterARest() {
        for (int day = 0; day < 5; day++) {
            request(BURST + REFUSALS_BEFORE_CLOSE);
            time.advance(Duration.ofDays(1));
        }

        assertThat(rate.isHopeless()).isFalse();
    }

    private void request(int count) {
        for (int i = 0; i < count; i++) {
            rate.refuse(1);
        }
    }
}
