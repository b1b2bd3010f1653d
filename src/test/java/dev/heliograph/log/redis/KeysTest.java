package dev.heliograph.log.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    @ParameterizedTest
    @ValueSource(strings = {"heliograph", "a", "Team_1.staging-eu"})
    void aPlainPrefixIsTaken(String prefix) {
        assertThat(new Keys(prefix).deadLetters()).isEqualTo(prefix + ":dead-letters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "{a}", "a'b", "a\\", "ü", "a\n"})
    void anyOtherPrefixIsRefusedWithTheKey(String prefix) {
        assertThatThrownBy(() -> new Keys(prefix)).hasMessageStartingWith("heliograph.redis.prefix is " + prefix);
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 1000})
    void aLongPrefixIsRefused(int length) {
        assertThatThrownBy(() -> new Keys("a".repeat(length))).isInstanceOf(IllegalArgumentException.class);
    }
}
