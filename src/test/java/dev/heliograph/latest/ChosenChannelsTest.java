package dev.heliograph.latest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChosenChannelsTest {
    private static final Set<String> TYPES = Set.of("order.updated", "order.created", "order:archived");

    /** Of which channels the types were looked at. */
    private final List<Channel> lookedInto = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "orders-123,                 orders-123,  true",
        "orders-123,                 orders-1234, false",
        "orders-123,                 orders-12,   false",
        "orders,                     orders-123,  false",
        "orders-123:order.updated,   orders-123,  true",
        "orders-123:order:archived,  orders-123,  true",
        "orders-123:order.paid,      orders-123,  false",
        "orders-123:,                orders-123,  false",
        "orders-1234:order.updated,  orders-123,  false",
        "*,                          orders-123,  true",
        "orders-*,                   orders-123,  true",
        "orders-*,                   drivers-1,   false",
        "orders-12?,                 orders-123,  true",
        "orders-12?,                 orders-12,   false",
        "orders-12?order.updated,    orders-12,   true",
        "orders-123:*,               orders-123,  true",
        "orders-123:*.paid,          orders-123,  false",
        "*:order.updated,            orders-123,  true",
        "*:order.paid,               orders-123,  false",
        "*.updated,                  orders-123,  true"
    })
    void globChoosesChannelByItsNameOrOneOfItsTypes(String glob, String channel, boolean isChosen) {
        assertThat(chosen(glob).test(new Channel(channel))).isEqualTo(isChosen);
        assertThat(chosen("drivers-9", glob, "d?-*").test(new Channel(channel))).isEqualTo(isChosen);
    }

    @Test
    void globChoosesExactlyMatchingChannels() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String glob = anyOf(random, "ab-:*?", 1 + random.nextInt(5));
            Channel channel = new Channel(anyOf(random, "ab", 1) + anyOf(random, "ab-", random.nextInt(3)));
            Set<String> types = Set.of(anyOf(random, "ab:", 1 + random.nextInt(2)));

            boolean isMatched = Invalidation.matches(glob, channel.name())
                    || types.stream().anyMatch(type -> Invalidation.matches(glob, channel.name() + ':' + type));

            assertThat(new ChosenChannels(new Invalidation(List.of(glob)), asked -> types).test(channel))
                    .as("%s by %s with %s", channel, glob, types)
                    .isEqualTo(isMatched);
        }
    }

    @Test
    void comparesKeysOnlyWithTypesOfTheirChannels() {
        ChosenChannels chosen = chosen(IntStream.range(0, 1000)
                .mapToObj(i -> i % 2 == 0 ? "orders-" + i : "orders-" + i + ":order.updated")
                .toArray(String[]::new));

        long count = IntStream.range(0, 20_000)
                .filter(i -> chosen.test(new Channel("orders-" + i)))
                .count();

        assertThat(count).isEqualTo(1000);
        assertThat(lookedInto).hasSize(500);
    }

    @Test
    void readsTypesOnlyOfChannelsThatMatchThePrefix() {
        ChosenChannels chosen = chosen("orders-*:order.paid", "drivers-1*");

        assertThat(chosen.test(new Channel("trips-1"))).isFalse();
        assertThat(chosen.test(new Channel("drivers-2"))).isFalse();
        assertThat(chosen.test(new Channel("drivers-12"))).isTrue();
        assertThat(chosen.test(new Channel("orders-1"))).isFalse();

        assertThat(lookedInto).containsExactly(new Channel("orders-1"));
    }

    private ChosenChannels chosen(String... globs) {
        return new ChosenChannels(new Invalidation(List.of(globs)), channel -> {
            lookedInto.add(channel);
            return TYPES;
        });
    }

    private static String anyOf(Random random, String characters, int length) {
        return random.ints(length, 0, characters.length())
                .collect(StringBuilder::new, (text, i) -> text.append(characters.charAt(i)), StringBuilder::append)
                .toString();
    }
}
