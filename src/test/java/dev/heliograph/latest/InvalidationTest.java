package dev.heliograph.latest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvalidationTest {
    @ParameterizedTest
    @CsvSource({
        "*,                   orders-123:order.updated, true",
        "orders-*,            orders-123:order.updated, true",
        "orders-123,          orders-123,               true",
        "orders-123,          orders-1234,              false",
        "orders-12?,          orders-123,               true",
        "orders-12?,          orders-12,                false",
        "*:order.updated,     orders-123:order.updated, true",
        "*:order.updated,     orders-123:order.created, false",
        "orders-*:*.updated,  orders-123:order.updated, true",
        "*1*3*,               orders-123,               true",
        "*1*3*4,              orders-123,               false",
        "*12,                 orders-1212,              true",
        "?*?,                 a,                        false",
        "**a**,               a,                        true",
        "orders.,             ordersx,                  false"
    })
    void starsStandForAnythingAndQuestionMarksForOneCharacter(String glob, String name, boolean matches) {
        assertThat(Invalidation.matches(glob, name)).isEqualTo(matches);
    }

    @Test
    void manyStarsDoNotTakeForever() {
        assertThat(Invalidation.matches("*a".repeat(128) + "b", "a".repeat(10_000)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders 1", "orders-[12]", "ö", "a/b", "\n"})
    void aPatternThatCannotMatchIsRefused(String pattern) {
        assertThatThrownBy(() -> Invalidation.ofPattern(pattern))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().type()).isEqualTo(ProblemType.INVALID_REQUEST);
                    assertThat(refused.problem().field()).isEqualTo("pattern");
                });
    }

    @Test
    void aPatternHasAtMost256Characters() {
        assertThat(Invalidation.ofPattern("*".repeat(256)).globs()).hasSize(1);
        assertThatThrownBy(() -> Invalidation.ofPattern("*".repeat(257))).isInstanceOf(ProblemException.class);
    }
}
