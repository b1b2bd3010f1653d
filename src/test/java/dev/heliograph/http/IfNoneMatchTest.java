package dev.heliograph.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IfNoneMatchTest {
    private static final String TAG = "3h9s-42";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"3h9s-42\"",
                "W/\"3h9s-42\"",
                " \"3h9s-42\" ",
                "\"x\", \"3h9s-42\"",
                "\"x\",W/\"3h9s-42\",\"y\"",
                ", \"3h9s-42\" ,, ",
                "*",
                "\"3h9s-42-gzip\"",
                "\"3h9s-42--gzip\"",
                "\"3h9s-42-br\"",
                "\"3h9s-42-zstd\"",
                "\"3h9s-42;zstd\"",
                "\"3h9s-42-deflate\"",
                "\"3h9s-42-df\"",
                "\"3h9s-42;gzip\"",
                "W/\"3h9s-42;br\""
            })
    void matchesTagThatProxyChanged(String field) {
        assertThat(IfNoneMatch.parse(List.of(field)).matches(TAG)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"3h9s-4\"", "\"3h9s-421\"", "\"\"", "\"3H9S-42\"", "\"gzip-3h9s-42\"", "\"3h9s-42-7z\""})
    void doesNotMatchAnotherTag(String field) {
        assertThat(IfNoneMatch.parse(List.of(field)).matches(TAG)).isFalse();
    }

    @Test
    void severalFieldsAreOneList() {
        IfNoneMatch parsed = IfNoneMatch.parse(List.of("\"a\", \"b\"", "W/\"c-gzip\""));

        assertThat(parsed.tags()).containsExactly("a", "b", "c");
        assertThat(parsed.isAny()).isFalse();
    }

    @Test
    void noFieldMatchesNothing() {
        assertThat(IfNoneMatch.parse(List.of()).matches(TAG)).isFalse();
    }

    @Test
    void aTagMayHoldCommasAndACursorOfSeveralChannels() {
        assertThat(IfNoneMatch.parse(List.of("\"a-1.b-2.\",\"x,y\"")).tags()).containsExactly("a-1.b-2.", "x,y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3h9s-42",
                "\"3h9s-42",
                "3h9s-42\"",
                "w/\"3h9s-42\"",
                "\"a\" \"b\"",
                "\"a\", *",
                "*, \"a\"",
                "W/",
                ",",
                "\"a b\"",
                "\"a\";q=1"
            })
    void refusesMalformedField(String field) {
        assertThatThrownBy(() -> IfNoneMatch.parse(List.of(field)))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().type()).isEqualTo(ProblemType.INVALID_REQUEST);
                    assertThat(refused.problem().field()).isEqualTo("If-None-Match");
                });
    }
}
