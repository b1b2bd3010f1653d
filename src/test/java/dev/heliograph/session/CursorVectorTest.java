package dev.heliograph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.List;
import java.util.Optional;
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
    void aChannelThatBeganNowIsGivenItsPosition() {
        CursorVector vector = CursorVector.parse("cursor", "a-1.", 2);

        vector.set(1, new Position("b", 2));

        assertThat(vector.cursor()).isEqualTo("a-1.b-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a-1", "a-1.b-2.c-3", "a-1.b", "a-1.-2", "a-1,b-2", "a-1.b-2 ", "a-1.ü-2", "a-1.b-01"})
    void refusesMalformedCursorOfTwoChannelsByField(String written) {
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

    @ParameterizedTest
    @CsvSource({
        "a-1500,a-1501,a-1501,a-1501",
        "a-1501,a-1500,a-1501,a-1501",
        "zz-3,a-7,a-7,a-7",
        "zz-3,a-5,a-7,a-5",
        "a-9,a-7,a-7,a-7",
        "zz-3,yy-4,a-7,zz-3",
        "a-1.b-9,a-2.c-1,a-2.b-9,a-2.b-9",
        "a-1.,a-2.,a-9.b-1,a-2.",
    })
    void theCursorThatTheLogHasCountsAmongSeveral(String one, String other, String present, String furthest) {
        int channels = one.split("\\.", -1).length;
        CursorVector log = CursorVector.parse("cursor", present, channels);
        var both = List.of(CursorVector.parse("cursor", one, channels), CursorVector.parse("cursor", other, channels));

        assertThat(CursorVector.furthest(both, i -> Optional.of(log.at(i))).cursor())
                .isEqualTo(furthest);
    }

    @Test
    void theFirstLifeCountsWhereTheLogIsUnknown() {
        var all = List.of(
                CursorVector.parse("cursor", "a-1", 1),
                CursorVector.parse("cursor", "b-9", 1),
                CursorVector.parse("cursor", "a-3", 1));

        assertThat(CursorVector.furthest(all, i -> Optional.empty()).cursor()).isEqualTo("a-3");
    }
}
