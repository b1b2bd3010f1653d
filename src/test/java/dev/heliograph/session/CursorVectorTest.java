package dev.heliograph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorVectorTest {
    @ParameterizedTest
    @CsvSource({"3h9s-41,1", "3h9s-41.7kq2-0,2", ".7kq2-9,2", "..,3"})
    void isWrittenAsItWasRead(String written, int channels) {
        assertThat(CursorVector.parse("cursor", written, channels).cursor()).isEqualTo(written);
    }

    @Test
    void isCompleteOnlyIfEveryChannelHasAPosition() {
        CursorVector vector = CursorVector.parse("cursor", "a-1.", 2);
        assertThat(vector.isComplete()).isFalse();

        vector.set(1, new Position("b", 2));

        assertThat(vector.isComplete()).isTrue();
        assertThat(vector.cursor()).isEqualTo("a-1.b-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a-1", "a-1.b-2.c-3", "a-1.b", "a-1.-2", "a-1,b-2", "a-1.b-2 ", "a-1.ü-2", "a-1.b-01"})
    void whatIsNoCursorOfTwoChannelsIsRefusedByItsField(String written) {
        assertThatThrownBy(() -> CursorVector.parse("Last-Event-ID", written, 2))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().type()).isEqualTo(ProblemType.INVALID_CURSOR);
                    assertThat(refused.problem().field()).isEqualTo("Last-Event-ID");
                });
    }

    @Test
    void theEmptyCursorOfOneChannelIsRefused() {
        assertThatThrownBy(() -> CursorVector.parse("cursor", "", 1)).hasMessageContaining("or no cursor");
    }
}
