package dev.heliograph.log.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a history is renewed, and when a log begins anew. */
class RedisRenewalTest extends RunningRedis {
    private static final Channel CHANNEL = new Channel("orders-1");
    private static final Channel FIREHOSE = CHANNEL.firehose();
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("orders", "order.updated")));
    private static final Duration TTL = CATALOGUE.namespaceOf(CHANNEL).historyTtl();

    private RedisEventLog log;

    @BeforeEach
    void open() {
        log = redis.log(CATALOGUE);
    }

    @ParameterizedTest
    @CsvSource({"995, true", "1005, false"})
    void renewsHistoryOnceItsTtlIsNotWholeAnyMore(int perMilleLeft, boolean isRenewed) {
        append("1");
        for (Channel channel : List.of(CHANNEL, FIREHOSE)) {
            for (String key : List.of(redis.keys().log(channel), redis.keys().latest(channel))) {
                now(link.send(Command.PEXPIRE, key, TTL.toMillis() * perMilleLeft / 1000));
            }
        }

        append("2");

        for (Channel channel : List.of(CHANNEL, FIREHOSE)) {
            for (String key : List.of(redis.keys().log(channel), redis.keys().latest(channel))) {
                assertThat(now(link.send(Command.PTTL, key)).toLong() > TTL.toMillis() * 1.008)
                        .isEqualTo(isRenewed);
            }
        }
    }

    @Test
    void keepsNoLatestEventForeverThatCameBackAlone() {
        append("1");
        now(link.send(Command.DEL, redis.keys().latest(CHANNEL)));

        append("2");

        assertThat(now(link.send(Command.PTTL, redis.keys().latest(CHANNEL))).toLong())
                .isPositive();
    }

    @Test
    void beginsNewLifeWhenStreamIsAheadOfItsTop() {
        append("1");
        append("2");
        Position lost = append("3");
        now(link.send(Command.HSET, redis.keys().top(CHANNEL), "o", "1"));

        Position after = append("new");

        assertThat(after.offset()).isEqualTo(1);
        assertThat(now(log.since(CHANNEL, lost, 10)).gap()).map(Gap::reason).contains(Gap.Reason.EPOCH_CHANGED);
        assertThat(now(log.since(CHANNEL, after.at(0), 10)).entries())
                .extracting(Entry::offset)
                .containsExactly(1L);
    }

    @Test
    void beginsNewLifeIfOnlyLastIdOfStreamIsAhead() {
        append("1");
        now(link.send(Command.create("XSETID"), redis.keys().log(FIREHOSE), "1000-0"));

        append("2");

        assertThat(now(log.since(CHANNEL, null, 1)).top().offset()).isEqualTo(2);
        assertThat(now(log.since(FIREHOSE, null, 1)).top().offset()).isEqualTo(1);
    }

    private Position append(String id) {
        byte[] data = "{}".getBytes(UTF_8);
        return now(log.append(new Event(id, CHANNEL, "order.updated", Instant.EPOCH, data), id))
                .position();
    }
}
