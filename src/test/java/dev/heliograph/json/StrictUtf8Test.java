package dev.heliograph.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictUtf8Test {
    @Test
    void everyCharacterIsLegal() {
        String text = "aé☃😀".repeat(2000);

        assertThatNoException().isThrownBy(() -> StrictUtf8.require(text.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "overlong slash, 61C0AF, 1",
        "surrogate, EDA080, 0",
        "beyond Unicode, F4908080, 0",
        "lone continuation, 616180, 2",
        "cut off, C3A9E298, 2",
        "never legal, FF, 0"
    })
    void refusesBytesThatAreNoCharacter(String name, String hex, int offset) {
        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> StrictUtf8.require(HexFormat.of().parseHex(hex)));

        assertThat(refused.problem().type()).isEqualTo(ProblemType.INVALID_UTF8);
        assertThat(refused.problem().detail()).as(name).startsWith("byte " + offset + " ");
    }
}
