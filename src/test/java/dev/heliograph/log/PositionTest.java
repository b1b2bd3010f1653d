package dev.heliograph.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
    @Test
    void cursorParsesToItsPosition() {
        Position position = new Position("3h9sgg2sl4t9f", 42);

        assertThat(Position.parse(position.cursor())).isEqualTo(position);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "e", "e-", "-1", "e-01", "e--1", "e-1 ", "e-1-2", "\u00e9-1", "e-99999999999999999999"})
    void refusesForeignCursor(String cursor) {
        assertThatThrownBy(() -> Position.parse(cursor))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("cursor is \"" + cursor + "\"");
    }
}
