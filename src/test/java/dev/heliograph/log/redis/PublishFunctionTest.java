package dev.heliograph.log.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heliograph.event.CacheProfile;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.event.Namespace;
import dev.heliograph.event.SlowClientPolicy;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code FCALL heliograph_publish}: what it appends, and what it refuses. */
class PublishFunctionTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Channel CHANNEL = new Channel("orders-123");
    private static final Catalogue CATALOGUE = new Catalogue(List.of(new Namespace(
            "orders",
            Set.of("order.created", "order.updated"),
            100,
            100,
            Duration.ofMinutes(10),
            false,
            false,
            1000,
            SlowClientPolicy.REPLAY,
            Optional.empty(),
            CacheProfile.REALTIME)));

    private static RedisServer server;
    private RedisFixture redis;
    private RedisLink link;
    private RedisEventLog log;
    private PublishFunction function;

    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void load() {
        redis = new RedisFixture(server);
        link = redis.link();
        log = redis.log(CATALOGUE);
        function = new PublishFunction(link, redis.config(), CATALOGUE);
        boolean loaded = now(function.load());
        assumeTrue(loaded, "functions came with Redis 7, this server is older");
    }

    @AfterEach
    void close() {
        redis.close();
    }

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
    void itsCalendarIsThatOfJava() {
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
    void theDepthOfDataIsThatOfTheOtherDoors() {
        int levels = 127;
        String legal = "{\"a\":".repeat(levels - 1) + "{}" + "}".repeat(levels - 1);

        assertRefused("at most 127 levels deep", "orders-123", "order.updated", "{\"a\":" + legal + "}");
        publish("orders-123", "order.updated", legal);
        assertThat(newest(CHANNEL).offset()).isEqualTo(1);
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
        String data = "{\"a\":\"" + "x".repeat(1000) + "\"}";

        assertRefused("expected at most 1000 bytes, not 1008", "orders-123", "order.updated", data);
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
                "2026-01-01T00:00:00+18:01",
                "2026-01-01T00:00:00-18:30",
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

    @Test
    void installationsOnOneRedisDoNotShareAFunction() {
        try (var other = new RedisFixture(server)) {
            now(new PublishFunction(other.link(), other.config(), CATALOGUE).load());

            publish("orders-123", "order.updated", "{}");

            assertThat(newest(CHANNEL).offset()).isEqualTo(1);
            assertThat(now(other.log(CATALOGUE).since(CHANNEL, null, 1)).top().offset())
                    .isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "heliograph, heliograph_publish",
        "staging, heliograph_publish_staging",
        "a-b, heliograph_publish_a_2db",
        "a_2db, heliograph_publish_a_5f2db"
    })
    void itsNameTellsThePrefix(String prefix, String name) {
        try (var named = new RedisFixture(server.uri(), prefix)) {
            var loaded = new PublishFunction(link, named.config(), CATALOGUE);

            assertThat(loaded.name()).isEqualTo(name);
            assertThat(now(loaded.load())).isTrue();
        }
    }

    @Test
    void aUserWhoMayNotLoadItIsToldOfOnce() {
        now(link.send(Command.create("ACL"), "SETUSER", "limited", "on", ">secret", "~*", "&*", "+@all", "-function"));
        var told = new ArrayList<String>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                told.add(line.getMessage() + Arrays.toString(line.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(PublishFunction.class.getName());
        logger.addHandler(handler);
        try (var limited = new RedisFixture(server.uri().replace("redis://", "redis://limited:secret@"), "limited")) {
            var refused = new PublishFunction(limited.link(), limited.config(), CATALOGUE);

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> now(refused.load())).hasMessageContaining("NOPERM");
            }
        } finally {
            logger.removeHandler(handler);
        }

        assertThat(told).singleElement().asString().contains("heliograph_publish_limited", "NOPERM", "+function");
    }

    private void assertRefused(String words, String channel, Object... args) {
        assertThatThrownBy(() -> publish(channel, args)).hasMessageContaining(words);
        assertThat(now(log.since(CHANNEL, null, 1)).top().offset()).isZero();
    }

    private Response publish(String channel, Object... args) {
        List<Object> all = new ArrayList<>(List.of(function.name(), 1, channel));
        all.addAll(List.of(args));
        return now(link.send(Command.create("FCALL"), all.toArray()));
    }

    private Entry newest(Channel channel) {
        Position top = now(log.since(channel, null, 1)).top();
        return now(log.since(channel, top.at(top.offset() - 1), 1)).entries().get(0);
    }

    private static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
