package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.event.Action;
import dev.heliograph.event.Channel;
import dev.heliograph.problem.ProblemType;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {
    private static final Channel ORDER = new Channel("orders-1");
    private static final Map<String, String> NO_LIMITS = Stream.of("publish", "poll", "connect", "accept")
            .flatMap(limit -> Stream.of(limit + ".requests-per-second", limit + ".burst"))
            .collect(Collectors.toMap(key -> "heliograph.access.limits." + key, key -> "0"));

    @Test
    void knowsKeysByTheirHashes() {
        String first = ApiKeys.newKey("shop", new SecureRandom());
        String second = ApiKeys.newKey("shop-2", new SecureRandom());
        ApiKeys keys = keys(
                "shop.sha256",
                ApiKeys.hashOf(first),
                "shop.publish",
                "orders",
                "shop-2.sha256",
                ApiKeys.hashOf(second));

        Identity shop = keys.identity(first);

        assertThat(shop.key()).isEqualTo("shop");
        assertThat(shop.subject()).isEqualTo("shop");
        assertThat(shop.grants().allow(Action.PUBLISH, ORDER)).isTrue();
        assertThat(shop.grants().allow(Action.SUBSCRIBE, ORDER)).isFalse();
        assertThat(keys.identity(second).grants().allow(Action.PUBLISH, ORDER)).isFalse();
    }

    @Test
    void refusesKeysThatItDoesNotKnow() {
        String known = ApiKeys.newKey("shop", new SecureRandom());
        String other = ApiKeys.newKey("shop", new SecureRandom());
        ApiKeys keys = keys("shop.sha256", ApiKeys.hashOf(known));

        for (String key :
                new String[] {other, known.replace("shop", "till"), known + "x", "hgk_", "", known.substring(1)}) {
            assertThatThrownBy(() -> keys.identity(key))
                    .hasFieldOrPropertyWithValue("problem.type", ProblemType.INVALID_TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hgk_shop_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "abc"})
    void refusesConfigurationWithoutShowingIt(String value) {
        assertThatThrownBy(() -> keys("shop.sha256", value))
                .hasMessageStartingWith("heliograph.access.keys.shop.sha256 is not the hash of a key")
                .hasMessageNotContaining(value);
    }

    @Test
    void namesWrongPatternOfKey() {
        assertThatThrownBy(() -> keys("shop.sha256", "0".repeat(64), "shop.publish", "orders*"))
                .hasMessageStartingWith(
                        "heliograph.access.keys.shop is wrong: publish has pattern \"orders*\", expected ")
                .hasNoCause();
    }

    private static ApiKeys keys(String... values) {
        Map<String, String> config = new HashMap<>();
        for (int i = 0; i < values.length; i += 2) {
            config.put("heliograph.access.keys." + values[i], values[i + 1]);
        }
        AccessConfig access = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(AccessConfig.class, "heliograph.access")
                .withDefaultValues(NO_LIMITS)
                .withDefaultValues(config)
                .build()
                .getConfigMapping(AccessConfig.class, "heliograph.access");
        return ApiKeys.of(access.keys());
    }
}
