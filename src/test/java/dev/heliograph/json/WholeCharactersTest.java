package dev.heliograph.json;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeCharactersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud83d\\ude00\"}",
                "{\"\\uD83D\\uDE00\":1}",
                "{\"a\":\"\\\\ud800\"}",
                "{\"a\":\"\\\\\\ud83d\\ude00\\\"\"}",
                "{\"a\":\"\\ue000\\ud7ff\"}"
            })
    void takesWholeCharacters(String json) {
        assertThatCode(() -> read(json)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud800\"}",
                "{\"a\":[{\"b\":\"x\\udc00\"}]}",
                "{\"a\":\"\\ud83d\\ud83d\\ude00\"}",
                "{\"a\":\"\\ude00\\ud83d\"}",
                "{\"a\":\"\\ud83dx\\ude00\"}",
                "{\"a\":\"\\ud83d\\n\"}",
                "{\"a\":\"\\\\\\ud83d\"}"
            })
    void refusesHalfSurrogatePair(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("half a surrogate pair (\\ud");
    }

    private static void read(String json) {
        JsonText.object(json.getBytes(StandardCharsets.UTF_8));
    }
}
