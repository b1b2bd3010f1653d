package dev.heliograph.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QueryTest {
    @Test
    void unknownParameterIsToldWhichAreKnown() {
        assertThatThrownBy(() ->
                        Query.read(List.of(Map.entry("channels", "orders-1")), Set.of("cursor"), Set.of("channel")))
                .hasMessageContaining("channels is unknown, expected only the parameters channel, cursor");
    }

    @Test
    void parameterIsToldThatThereAreNone() {
        assertThatThrownBy(() -> Query.read(List.of(Map.entry("x", "1")), Set.of(), Set.of()))
                .hasMessageContaining("x is unknown, expected no parameters");
    }
}
