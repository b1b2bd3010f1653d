package dev.heliograph.log.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code FCALL heliograph_publish}: what it appends. */
class PublishFunctionTest extends PublishFunctionCalls {
    @Test
    void appendsToTheChannelAndItsFirehose() {
        Response answer = publish("orders-123", "order.updated", "{\"id\":\"123\"}");

        Entry entry = newest(CHANNEL);
        assertThat(answer.get(1).toString()).isEqualTo(entry.position().cursor());
        assertThat(entry.offset()).isEqualTo(1);
        assertThat(newest(CHANNEL.firehose()).payload()).isEqualTo(entry.payload());
        assertThat(new String(entry.payload(), UTF_8)).contains("\"id\":\"" + answer.get(0) + "\"");
    }

    @Test
    void goesOnWithTheEpochOfTheGateway() {
        now(log.append(new Event("1", CHANNEL, "order.updated", Instant.EPOCH, "{}".getBytes(UTF_8)), null));
        String second = publish("orders-123", "order.updated", "{}").get(1).toString();
        now(log.append(new Event("3", CHANNEL, "order.updated", Instant.EPOCH, "{}".getBytes(UTF_8)), null));

        assertThat(newest(CHANNEL).position()).isEqualTo(Position.parse(second).at(3));
    }

    @Test
    void becomesTheLatestOfItsType() {
        publish("orders-123", "order.updated", "{}");
        String cursor = publish("orders-123", "order.updated", "{}").get(1).toString();

        assertThat(now(log.latest(CHANNEL)))
                .extracting(entry -> entry.position().cursor())
                .containsExactly(cursor);
        assertThat(now(log.latest(CHANNEL.firehose())))
                .extracting(Entry::offset)
                .containsExactly(2L);
    }

    @Test
    void thePayloadIsTheOneOfAnEvent() {
        byte[] data = "{\"naïve\": [1, 2.5e3, null, \"\\u0000\\\"☃\"]}".getBytes(UTF_8);
        Instant time = Instant.parse("2026-02-28T23:59:59.120Z");

        publish("orders-123", "order.created", data, "an id", time.toString());

        assertThat(newest(CHANNEL).payload())
                .isEqualTo(new Event("an id", CHANNEL, "order.created", time, data).payload());
    }

    @Test
    void theDefaultTimeIsNow() {
        publish("orders-123", "order.updated", "{}");

        String payload = new String(newest(CHANNEL).payload(), UTF_8);
        String time = payload.replaceAll(".*\"time\":\"([^\"]*)\".*", "$1");
        assertThat(Duration.between(Instant.parse(time), Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
        assertThat(Instant.parse(time)).hasToString(time);
    }

    @Test
    void defaultIdsDiffer() {
        String first = publish("orders-123", "order.updated", "{}").get(0).toString();
        String second = publish("orders-123", "order.updated", "{}").get(0).toString();

        assertThat(first).isNotEqualTo(second).matches("[0-9a-f]{32}");
    }

    @Test
    void anIdIsTheIdempotencyKey() {
        Response first = publish("orders-123", "order.updated", "{}", "key");
        Response repeat = publish("orders-123", "order.updated", "{}", "key");

        assertThat(repeat.get(1).toString()).isEqualTo(first.get(1).toString());
        assertThat(newest(CHANNEL).offset()).isEqualTo(1);
    }

    @Test
    void aRepeatOfTheGatewaysOwnAppendIsRecognised() {
        var event = new Event("key", CHANNEL, "order.updated", Instant.EPOCH, "{}".getBytes(UTF_8));
        now(log.append(event, "key"));

        publish("orders-123", "order.updated", "{}", "key");

        assertThat(newest(CHANNEL).offset()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "top", "latest"})
    void appendsNothingIfOneWriteWouldFail(String broken) {
        publish("orders-123", "order.updated", "{}");
        redis.spoil(CHANNEL.firehose(), broken);
        var before = redis.contents();

        assertThatThrownBy(() -> publish("orders-123", "order.updated", "{}")).hasMessageContaining("WRONGTYPE");

        assertThat(redis.contents()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"{orders}-123, orders-123", "orders.*, orders", "{orders}, orders", "orders-a=@;.b, orders-a=@;.b"})
    void theChannelMayBeWrittenInTheseForms(String key, String channel) {
        publish(key, "order.updated", "{}");

        assertThat(newest(new Channel(channel)).offset()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T12:00:00+02:00, 2026-01-31T10:00:00Z",
        "2024-02-29t00:30:00.5-01:00, 2024-02-29T01:30:00.500Z",
        "2000-02-29T23:59:59.123456789z, 2000-02-29T23:59:59.123456789Z",
        "1969-12-31T23:59:59.1000Z, 1969-12-31T23:59:59.100Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9Z, 9999-12-31T23:59:59.900Z",
        "2026-01-31T12:00:00+18:00, 2026-01-30T18:00:00Z",
        "2026-01-31T12:00:00-18:00, 2026-02-01T06:00:00Z"
    })
    void timesAreWrittenAsInstants(String written, String expected) {
        publish("orders-123", "order.updated", "{}", "", written);

        assertThat(new String(newest(CHANNEL).payload(), UTF_8)).contains("\"time\":\"" + expected + "\"");
    }

    @Test
    void timesAreReadAndWrittenAsJavaDoes() {
        long seed = System.nanoTime();
        System.out.println("PublishFunctionTest seed " + seed);
        new Random(seed)
                .longs(200, 0, 4_000_000_000L)
                .mapToObj(Instant::ofEpochSecond)
                .forEach(instant -> {
                    publish("orders-123", "order.updated", "{}", "", instant.toString());
                    assertThat(new String(newest(CHANNEL).payload(), UTF_8)).contains("\"time\":\"" + instant + "\"");
                });
    }

    @Test
    void lineBreaksBetweenTokensBecomeSpaces() {
        publish("orders-123", "order.updated", "\n{\"a\":\r\n1}\n");

        assertThat(new String(newest(CHANNEL).payload(), UTF_8)).endsWith(",\"data\":{\"a\":  1}}");
    }
}
