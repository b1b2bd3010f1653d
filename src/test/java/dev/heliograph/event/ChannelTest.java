package dev.heliograph.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelTest {
    @Test
    void namespaceIsPartBeforeFirstHyphen() {
        Channel channel = new Channel("orders-12-3");

        assertThat(channel.namespace()).isEqualTo("orders");
        assertThat(channel.isFirehose()).isFalse();
        assertThat(channel.firehose()).isEqualTo(new Channel("orders"));
    }

    @Test
    void aStarStandsForTheFirehose() {
        assertThat(Channel.parse("orders.*")).isEqualTo(new Channel("orders"));
        assertThat(new Channel("orders").isFirehose()).isTrue();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {"-1", "orders 1", "orders-1.*", "*", ".*", "orders-\u00e9", "orders/1", "a\n", "\"orders\""})
    void refusesMalformedNameWithExpectedForm(String written) {
        assertThatThrownBy(() -> Channel.parse(written))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("channel is ")
                .hasMessageContaining("expected ");
    }

    @Test
    void aNameHasAtMost164Characters() {
        assertThat(Channel.parse("a".repeat(164)).name()).hasSize(164);
        assertThatThrownBy(() -> Channel.parse("a".repeat(165))).isInstanceOf(ProblemException.class);
    }
}
