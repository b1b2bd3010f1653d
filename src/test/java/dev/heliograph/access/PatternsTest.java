package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.event.Channel;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternsTest {
    @ParameterizedTest
    @CsvSource({
        "orders-1, orders-1, true",
        "orders-1, orders-12, false",
        "orders-1, Orders-1, false",
        "orders-1, orders, false",
        "orders-1*, orders-1, true",
        "orders-1*, orders-12, true",
        "orders-1*, orders-21, false",
        "orders-*, orders-1, true",
        "orders-*, orders-, true",
        "orders-*, orders, false",
        "orders-*, orders2-1, false",
        "orders-eu-*, orders-eu-1, true",
        "orders-eu-*, orders-us-1, false",
        "orders, orders-1, true",
        "orders, orders, false",
        "orders, orders2-1, false",
        "orders.*, orders, true",
        "orders.*, orders-1, false",
        "notes-{sub}, notes-ann, true",
        "notes-{sub}, notes-bob, false",
        "notes-{sub}-*, notes-ann-1, true",
        "notes-{sub}-*, notes-anna-1, false",
        "notes-x-{sub}-y, notes-x-ann-y, true"
    })
    void namesChannels(String pattern, String channel, boolean isNamed) {
        assertThat(Patterns.of(List.of(pattern), "ann").name(new Channel(channel)))
                .isEqualTo(isNamed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "-1",
                ".*",
                "*-1",
                "ord*",
                "orders*",
                "orders-1*2",
                "orders-**",
                "orders-1/../finance",
                "orders-%2D",
                "оrders-1",
                "orders‐1",
                "orders-1 ",
                "orders.*-1",
                "{sub}",
                "{sub}-1",
                "orders-{sub}*",
                "orders-x{sub}",
                "orders-{sub}x",
                "orders-{other}",
                "orders-1\n",
                "orders-1,orders 2"
            })
    void refusesIllegalPattern(String pattern) {
        assertThatThrownBy(() -> Patterns.of(List.of(pattern), "ann"))
                .hasMessageStartingWith("pattern \"" + pattern + "\", expected <namespace>, ");
    }

    @ParameterizedTest
    @CsvSource({"notes-{sub}, a|b", "notes-{sub}, a*", "notes-{sub}, ''", "notes-{sub},", "notes-{sub}-*, a-b"})
    void refusesSubjectThatCouldNameOthers(String pattern, String subject) {
        assertThatThrownBy(() -> Patterns.of(List.of(pattern), subject))
                .hasMessageContaining("with the subject \"" + subject + "\", expected a subject");
    }

    @Test
    void refusesTooManyPatterns() {
        assertThatThrownBy(() -> Patterns.of(Collections.nCopies(1001, "orders"), null))
                .hasMessage("1001 patterns, expected at most 1000");
    }

    /** Of few characters, so that pattern and channel often meet. */
    @Test
    void agreesWithObviousModel() {
        var random = new Random(20260115);
        int named = 0;
        for (int i = 0; i < 200_000; i++) {
            String pattern = pattern(random);
            String channel = text(random, "ab", 1, 2) + (random.nextBoolean() ? "" : '-' + text(random, "ab-", 0, 3));
            boolean isNamed = Patterns.of(List.of(pattern), "a").name(new Channel(channel));

            assertThat(isNamed).as(pattern + " names " + channel).isEqualTo(model(pattern, channel));
            named += isNamed ? 1 : 0;
        }
        assertThat(named).isBetween(5_000, 195_000);
    }

    private static boolean model(String pattern, String channel) {
        String resolved = pattern.replace("{sub}", "a");
        if (resolved.endsWith(".*")) {
            return channel.equals(resolved.substring(0, resolved.length() - 2));
        }
        if (resolved.endsWith("*")) {
            return channel.startsWith(resolved.substring(0, resolved.length() - 1));
        }
        return resolved.contains("-") ? channel.equals(resolved) : channel.startsWith(resolved + "-");
    }

    private static String pattern(Random random) {
        String namespace = text(random, "ab", 1, 2);
        return switch (random.nextInt(6)) {
            case 0 -> namespace;
            case 1 -> namespace + ".*";
            case 2 -> namespace + '-' + text(random, "ab-", 0, 3);
            case 3 -> namespace + '-' + text(random, "ab-", 0, 2) + '*';
            case 4 -> namespace + "-{sub}";
            default -> namespace + "-{sub}-*";
        };
    }

    private static String text(Random random, String characters, int least, int most) {
        var text = new StringBuilder();
        for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }
}
