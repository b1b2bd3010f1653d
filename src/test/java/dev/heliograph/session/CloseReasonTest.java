package dev.heliograph.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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
    void theRangeOfTheCodeSaysWhatToDo() {
        assertThat(CloseReason.DRAINING.reconnect()).isEqualTo("retry");
        assertThat(CloseReason.RATE_EXCEEDED.reconnect()).isEqualTo("back-off");
    }

    @Test
    void noTwoReasonsShareACode() {
        assertThat(Arrays.stream(CloseReason.values()).map(CloseReason::code)).doesNotHaveDuplicates();
    }
}
