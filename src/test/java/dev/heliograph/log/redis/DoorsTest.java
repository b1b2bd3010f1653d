package dev.heliograph.log.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.publish.EventReader;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the function reads and refuses as the other doors do. */
class DoorsTest extends PublishFunctionCalls {
    private static final EventReader READER = new EventReader();
    private static final Caller CALLER =
            Caller.trusted(new Catalogue(List.of(Namespaces.of("orders", "order.updated"))));

    @ParameterizedTest
    @CsvSource({
        "2026-01-02t03:04:05.5z, 2026-01-02T03:04:05.500Z",
        "1990-12-31T23:59:60Z, 1990-12-31T23:59:59Z",
        "1990-12-31T15:59:60-08:00, 1990-12-31T23:59:59Z",
        "2017-01-01T08:59:60.25+09:00, 2016-12-31T23:59:59.250Z",
        "9999-12-31T23:59:60Z, 9999-12-31T23:59:59Z",
        "2026-01-02T03:04:05+23:59, 2026-01-01T03:05:05Z",
        "2026-01-02T03:04:05-23:59, 2026-01-03T03:03:05Z",
        "2026-01-02T03:04:05-00:00, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.1234567890123Z, 2026-01-02T03:04:05.123456789Z",
        "2026-01-02T03:04:05.9999999999999Z, 2026-01-02T03:04:05.999999999Z",
        "2026-01-02T03:04:05.0000000000001Z, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.1000000000000Z, 2026-01-02T03:04:05.100Z"
    })
    void bothDoorsReadSameTimes(String written, Instant expected) {
        publish("orders-123", "order.updated", "{}", "", written);

        assertThat(READER.read(CALLER, event("{}", written)).time()).isEqualTo(expected);
        assertThat(new String(newest(CHANNEL).payload(), UTF_8)).contains("\"time\":\"" + expected + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-02T03:04:60Z",
                "2026-01-02T23:58:60Z",
                "2026-01-02T23:59:60+01:00",
                "2026-01-02T23:59:61Z",
                "2026-01-02T03:04:05+24:00",
                "2026-01-02T03:04:05+23:60",
                "2026-01-02T03:04:05.Z",
                "2026-02-30T23:59:60Z",
                "0000-01-01T00:00:00+23:59",
                "9999-12-31T23:59:59-23:59"
            })
    void bothDoorsRefuseSameTimes(String written) {
        assertThatThrownBy(() -> READER.read(CALLER, event("{}", written))).hasMessageContaining("RFC 3339");
        assertThatThrownBy(() -> publish("orders-123", "order.updated", "{}", "", written))
                .hasMessageContaining("RFC 3339");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\udc00\"}",
                "{\"\\ud800\":1}",
                "{\"\\udc00\":1}",
                "{\"a\":[{\"b\":\"\\ud83d\\ud83d\\ude00\"}]}",
                "{\"a\":\"\\ud83d\\u0041\"}",
                "{\"a\":\"\\ud83d \\ude00\"}"
            })
    void bothDoorsRefuseHalfSurrogatePair(String data) {
        assertThatThrownBy(() -> READER.read(CALLER, event(data, "2026-01-02T03:04:05Z")));
        assertThatThrownBy(() -> publish("orders-123", "order.updated", data)).hasMessageContaining("surrogate");
        assertThat(redis.contents()).isEmpty();
    }

    private static byte[] event(String data, String time) {
        return ("{\"channel\":\"orders-123\",\"type\":\"order.updated\",\"data\":" + data + ",\"time\":\"" + time
                        + "\"}")
                .getBytes(UTF_8);
    }
}
