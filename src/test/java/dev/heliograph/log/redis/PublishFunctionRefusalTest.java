package dev.heliograph.log.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.mutiny.redis.client.Command;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code FCALL heliograph_publish}: what it refuses, and that it then appends nothing. */
class PublishFunctionRefusalTest extends PublishFunctionCalls {
    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "orders-ü", "orders-a b", "orders-{x}", "orders-1.*"})
    void aMalformedChannelIsRefused(String channel) {
        assertRefused("expected <namespace> or <namespace>-<id>", channel, "order.updated", "{}");
    }

    @Test
    void anUnknownNamespaceIsRefused() {
        assertRefused(
                "invalid channel 'nobody-1': expected one of the namespaces orders before the first hyphen",
                "nobody-1",
                "order.updated",
                "{}");
    }

    @Test
    void anUnknownTypeIsRefused() {
        assertRefused(
                "invalid type 'x': expected one of order.created, order.updated in namespace orders",
                "orders-123",
                "x",
                "{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "\"{}\"",
                "{",
                "{}}",
                "{} {}",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\":NaN}",
                "{\"a\":0x10}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":Infinity}",
                "{\"a\":-}",
                "{\"a\":-01}",
                "{\"a\":1.e5}",
                "{\"a\":1e}",
                "{\"a\":nul}",
                "\f{}",
                "{\"a\":\u000b1}",
                "{\"a\":1}\0,\"x\":{\"inject\":\"y\"}",
                "{\"a\":1\0}",
                "{\"a\":1}\0",
                "{\"a\":1}\u001f"
            })
    void dataThatIsNoJsonObjectIsRefused(String data) {
        assertRefused("expected a JSON object", "orders-123", "order.updated", data);
    }

    @Test
    void dataMayBeAsDeepAsAtTheOtherDoors() {
        int levels = 127;
        String legal = "{\"a\":".repeat(levels - 1) + "{}" + "}".repeat(levels - 1);

        assertRefused("at most 127 levels deep", "orders-123", "order.updated", "{\"a\":" + legal + "}");
        publish("orders-123", "order.updated", legal);
        assertThat(newest(CHANNEL).offset()).isEqualTo(1);
    }

    @Test
    void acceptsSameLengthOfNamesAndNumbersAsOtherDoors() {
        for (String member : List.of(
                "\"" + "n".repeat(1001) + "\":1",
                "\"" + "n".repeat(1001) + "\" \n:\"x\"",
                "\"" + "\\\\".repeat(990) + "ü".repeat(6) + "\":1",
                "\"a\":" + "1".repeat(1001),
                "\"a\":[-1." + "1".repeat(1000) + "]",
                "\"a\":{\"b\":1e" + "1".repeat(1000) + "}")) {
            assertRefused(
                    "with names of at most 1000 bytes and numbers of at most 1000 digits",
                    "orders-123",
                    "order.updated",
                    "{" + member + "}");
        }
        publish("orders-123", "order.updated", "{\"" + "n".repeat(1000) + "\":\"" + "x".repeat(900) + "\"}");
        publish("orders-123", "order.updated", "{\"a\":\"" + "x".repeat(1500) + "\"}");
        publish("orders-123", "order.updated", "{\"a\":-" + "1".repeat(1000) + "}");
        assertThat(newest(CHANNEL).offset()).isEqualTo(3);
    }

    @Test
    void malformedUtf8IsRefused() {
        for (byte[] bad : List.of(
                new byte[] {(byte) 0xC0, (byte) 0x80},
                new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                new byte[] {(byte) 0xFF},
                new byte[] {(byte) 0xE2, (byte) 0x98},
                new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80})) {
            byte[] data = "{\"a\":\"____\"}".getBytes(UTF_8);
            System.arraycopy(bad, 0, data, 6, bad.length);
            assertRefused("expected well-formed UTF-8", "orders-123", "order.updated", data);
        }
    }

    @Test
    void dataThatIsTooLargeIsRefused() {
        String data = "{\"a\":\"" + "x".repeat(2000) + "\"}";

        assertRefused("expected at most 2000 bytes, not 2008", "orders-123", "order.updated", data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\\b", "ü", "a\nb"})
    void anIllegalIdIsRefused(String id) {
        assertRefused("expected 1 to 128 printable ASCII characters", "orders-123", "order.updated", "{}", id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "now",
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-00-10T00:00:00Z",
                "2026-01-01T24:00:00Z",
                "2026-01-01T00:00:60Z",
                "2026-01-01 00:00:00Z",
                "2026-01-01T00:00:00",
                "2026-01-01T00:00:00.Z",
                "2026-01-01T00:00:00+1:00",
                "2026-01-01T00:00:00Z\"",
                "2026-01-01T00:00:001Z",
                "2026-01-01T00:00:00+17:60",
                "9999-12-31T23:59:59-01:00",
                "0000-01-01T00:00:00+01:00"
            })
    void anIllegalTimeIsRefused(String time) {
        assertRefused("invalid time '" + time, "orders-123", "order.updated", "{}", "", time);
    }

    @Test
    void missingArgumentsAreRefusedWithTheUsage() {
        assertRefused(
                "expected FCALL " + function.name() + " 1 <channel> <type> <data>", "orders-123", "order.updated");
    }

    private void assertRefused(String words, String channel, Object... args) {
        assertThatThrownBy(() -> publish(channel, args)).hasMessageContaining(words);
        assertThat(now(log.since(CHANNEL, null, 1)).top().offset()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "-hmget, HMGET on %s:{orders}:top:orders-123",
        "-hset, HSET on %s:{orders}:latest:orders-123",
        "-xadd, XADD on %s:{orders}:log:orders-123",
        "-exists, EXISTS on %s:{orders}:log:orders-123",
        "-time, TIME:",
        "resetchannels, PUBLISH on %s:live:orders-123",
        "-publish, PUBLISH on %s:live:orders-123"
    })
    void namesRightThatCallerLacks(String without, String named) {
        assertNamed(without, named);
        assertThat(redis.contents()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "-xlen, XLEN on %s:{orders}:log:orders",
        "-hlen, HLEN on %s:{orders}:latest:orders-123",
        "-pttl, PTTL on %s:{orders}:log:orders-123"
    })
    void namesRightThatCallerLacksForChannelInUse(String without, String named) {
        publish("orders-123", "order.updated", "{}");
        var before = redis.contents();
        assertNamed(without, named);
        assertThat(redis.contents()).isEqualTo(before);
    }

    private void assertNamed(String without, String named) {
        now(link.send(
                Command.create("ACL"), "SETUSER", "caller", "reset", "on", ">secret", "~*", "&*", "+@all", without));
        String address = server.uri().replace("redis://", "redis://caller:secret@");
        try (var caller = new RedisFixture(address, redis.keys().prefix())) {
            assertThatThrownBy(() -> now(caller.link()
                            .send(Command.create("FCALL"), function.name(), 1, "orders-123", "order.updated", "{}")))
                    .hasMessageContaining("NOPERM this user may not run "
                            + named.formatted(redis.keys().prefix()));
        }
    }
}
