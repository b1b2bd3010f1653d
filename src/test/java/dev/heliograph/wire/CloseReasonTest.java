package dev.heliograph.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseReasonTest {
    @ParameterizedTest
    @EnumSource
    void fitsIntoACloseFrame(CloseReason reason) {
        assertThat(reason.code()).isBetween(4000, 4299);
        assertThat(reason.text().getBytes(UTF_8)).hasSizeLessThanOrEqualTo(123);
    }

    @Test
    void rangeOfCodeGivesNextStep() {
        assertThat(CloseReason.DRAINING.reconnect()).isEqualTo(Reconnect.RETRY);
        assertThat(CloseReason.RATE_EXCEEDED.reconnect()).isEqualTo(Reconnect.BACK_OFF);
        assertThat(Reconnect.after(4200)).isEqualTo(Reconnect.NEVER);
    }

    @RepeatedTest(100)
    void waitsAreSpread() {
        assertThat(Reconnect.RETRY.waitMillis().orElseThrow()).isBetween(0, 999);
        assertThat(Reconnect.BACK_OFF.waitMillis().orElseThrow()).isBetween(5000, 14_999);
        assertThat(Reconnect.NEVER.waitMillis()).isEmpty();
    }

    @Test
    void noTwoReasonsShareACode() {
        assertThat(Arrays.stream(CloseReason.values()).map(CloseReason::code)).doesNotHaveDuplicates();
    }
}
