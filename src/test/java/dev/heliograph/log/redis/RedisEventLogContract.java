package dev.heliograph.log.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.heliograph.event.Channel;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.EventLogContract;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Gap;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import dev.heliograph.log.RecordingListener;
import dev.heliograph.log.redis.RedisEventLog.FencedException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for the engine in Redis, whatever the version. */
abstract class RedisEventLogContract extends EventLogContract {
    /** Each class starts the one that it is about. */
    static RedisServer server;

    private RedisFixture redis;
    private RedisLink link;

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected Engine open() {
        redis = new RedisFixture(server);
        link = redis.link();
        return new Engine(redis.log(CATALOGUE), redis.feed());
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Override
    protected void letHistoryExpire(Channel channel) {
        for (String key : List.of(redis.keys().log(channel), redis.keys().latest(channel))) {
            assertThat(now(link.send(Command.PTTL, key)).toLong())
                    .isBetween(HISTORY_TTL.toMillis(), HISTORY_TTL.toMillis() * 101 / 100);
            expireNow(key);
        }
    }

    @Override
    protected void letRepeatWindowPass(Channel channel, String idempotencyKey) {
        String key = redis.keys().once(channel, idempotencyKey);
        assertThat(now(link.send(Command.PTTL, key)).toLong()).isBetween(1L, EventLog.REPEAT_WINDOW.toMillis());
        expireNow(key);
    }

    @Test
    void theTopOutlivesTheHistory() {
        append(CHANNEL, "1");

        long ttl = now(link.send(Command.PTTL, redis.keys().top(CHANNEL))).toLong();

        assertThat(Duration.ofMillis(ttl)).isBetween(Duration.ofDays(29), Duration.ofDays(30));
    }

    @ParameterizedTest
    @CsvSource({
        "orders-123, log",
        "orders-123, top",
        "orders-123, latest",
        "orders, log",
        "orders, top",
        "orders, latest"
    })
    void failedAppendChangesNothing(Channel channel, String broken) {
        append(CHANNEL, "1");
        redis.spoil(channel, broken);
        var before = redis.contents();

        assertThatThrownBy(() -> now(log.append(event(CHANNEL, "2"), "key"))).hasMessageContaining("WRONGTYPE");

        assertThat(redis.contents()).isEqualTo(before);
    }

    @Test
    void aForgottenScriptIsSentAgain() {
        append(CHANNEL, "1");
        now(link.send(Command.SCRIPT, "FLUSH"));

        append(CHANNEL, "2");
        now(link.send(Command.SCRIPT, "FLUSH"));

        assertThat(top(CHANNEL).offset()).isEqualTo(2);
    }

    @Test
    void aLostStoreIsSeenAsANewEpoch() {
        Position before = appendMany(CHANNEL, 3).get(2);
        now(link.send(Command.FLUSHALL));
        Position after = append(CHANNEL, "new").position();

        History history = since(CHANNEL, before);

        assertThat(after.offset()).isEqualTo(1);
        assertThat(history.gap()).contains(new Gap(before, after.at(0), Gap.Reason.EPOCH_CHANGED));
        assertThat(offsets(history)).containsExactly(1L);
    }

    @Test
    void aNewLifeDoesNotInheritEntries() {
        appendMany(CHANNEL, 3);
        now(link.send(Command.DEL, redis.keys().top(CHANNEL)));

        Position after = append(CHANNEL, "new").position();

        assertThat(offsets(since(CHANNEL, after.at(0)))).containsExactly(1L);
        assertThat(latest(CHANNEL)).extracting(Entry::position).containsExactly(after);
    }

    @Test
    void aNewLifeWithoutEntriesHasNoLatest() {
        append(CHANNEL, OTHER_TYPE, "1");
        now(link.send(Command.DEL, redis.keys().top(CHANNEL)));

        assertThat(latest(CHANNEL)).isEmpty();
        top(CHANNEL);
        assertThat(latest(CHANNEL)).isEmpty();
        Position next = append(CHANNEL, TYPE, "2").position();
        assertThat(latest(CHANNEL)).extracting(Entry::position).containsExactly(next);
    }

    @Test
    void aLostStoreHasNoLatest() {
        append(CHANNEL, "1");

        now(link.send(Command.FLUSHALL));

        assertThat(latest(CHANNEL)).isEmpty();
    }

    @Test
    void aChannelAndItsFirehoseHaveEpochsOfTheirOwn() {
        Position first = append(CHANNEL, "1").position();

        assertThat(top(CHANNEL.firehose()).epoch()).isNotEqualTo(first.epoch());
    }

    @Test
    void logContinuesInAnotherEpochAfterRestartOfRedis() {
        List<Position> before = appendMany(CHANNEL, 3);
        restartRedis(CHANNEL);

        Position after = append(CHANNEL, "4").position();

        assertThat(after.epoch()).isNotEqualTo(before.get(2).epoch());
        assertThat(after.offset()).isEqualTo(4);
        History history = since(CHANNEL, before.get(1));
        assertThat(history.gap()).isEmpty();
        assertThat(history.start()).isEqualTo(after.at(2));
        assertThat(offsets(history)).containsExactly(3L, 4L);
        assertThat(latest(CHANNEL)).extracting(Entry::position).containsExactly(after);
    }

    @Test
    void latestEventsSurviveRestartOfRedis() {
        Position before = append(CHANNEL, OTHER_TYPE, "1").position();
        restartRedis(CHANNEL);

        Position after = append(CHANNEL, TYPE, "2").position();

        assertThat(latest(CHANNEL)).extracting(Entry::position).containsExactly(before, after);
    }

    @Test
    void lostPositionYieldsGapAfterLogHasPassedIt() {
        Position lost = appendMany(CHANNEL, 4).get(3);
        loseTheEnd(CHANNEL, 2);
        restartRedis(CHANNEL);
        Position after = appendMany(CHANNEL, 3).get(2);

        History history = since(CHANNEL, lost);

        assertThat(after.offset()).isEqualTo(5);
        assertThat(history.gap()).contains(new Gap(lost, after.at(2), Gap.Reason.AHEAD));
        assertThat(offsets(history)).containsExactly(3L, 4L, 5L);
        assertThat(since(CHANNEL, lost.at(2)).gap()).isEmpty();
    }

    /** Else a Redis that lost all entries of a channel, but not that it was asked for, would give their positions again. */
    @Test
    void aChannelThatIsOnlyAskedForKnowsItsProcess() {
        top(CHANNEL);
        now(log.since(OTHER, null, 1));

        String known =
                now(link.send(Command.HGET, redis.keys().top(CHANNEL), "r")).toString();

        assertThat(now(link.send(Command.INFO, "server")).toString()).contains("run_id:" + known);
        restartRedis(OTHER);
        Position start = top(OTHER);
        assertThat(append(OTHER, "1").position().epoch()).isNotEqualTo(start.epoch());
        assertThat(since(OTHER, start).gap()).isEmpty();
    }

    @Test
    void logOfUnknownProcessContinuesInAnotherEpoch() {
        Position before = append(CHANNEL, "1").position();
        now(link.send(Command.HDEL, redis.keys().top(CHANNEL), "r"));

        Position after = append(CHANNEL, "2").position();

        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(since(CHANNEL, before).gap()).isEmpty();
    }

    @Test
    void userWithoutRightToAskForProcessChangesNoEpoch() {
        now(link.send(Command.ACL, "SETUSER", "unasked", "on", ">secret", "~*", "&*", "+@all", "-info"));
        String address = server.uri().replace("redis://", "redis://unasked:secret@");
        try (var unasked = new RedisFixture(address, redis.keys().prefix())) {
            EventLog other = unasked.log(CATALOGUE);

            Position known = append(CHANNEL, "1").position();
            Position unknown = now(other.append(event(CHANNEL, "2"), null)).position();
            Position again = append(CHANNEL, "3").position();

            assertThat(List.of(unknown, again)).containsExactly(known.at(2), known.at(3));
        }
    }

    @Test
    void formerEpochsAreKnownForEightRestarts() {
        Position first = append(CHANNEL, "1").position();
        Position second = null;
        for (int i = 0; i < 9; i++) {
            restartRedis(CHANNEL);
            Position next = append(CHANNEL, "x").position();
            second = i == 0 ? next : second;
        }

        assertThat(since(CHANNEL, first).gap()).map(Gap::reason).contains(Gap.Reason.EPOCH_CHANGED);
        assertThat(since(CHANNEL, second).gap()).map(Gap::reason).contains(Gap.Reason.TRIMMED);
    }

    @Test
    void aPageOfLargeEntriesEndsEarly() {
        String large = "x".repeat(300_000);
        IntStream.range(0, FIREHOSE_SIZE).forEach(i -> append(FIREHOSE, large));
        Position start = top(FIREHOSE).at(0);

        History page = now(log.since(FIREHOSE, start, 100));
        History next = now(log.since(FIREHOSE, page.end(), 100));

        assertThat(page.reachesTop()).isFalse();
        assertThat(page.entries()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(next.start()).isEqualTo(page.end());
        assertThat(next.reachesTop()).isTrue();
    }

    @Test
    void aChannelThatIsOnlyAskedForIsForgottenSooner() {
        Position start = top(CHANNEL);

        long ttl = now(link.send(Command.PTTL, redis.keys().top(CHANNEL))).toLong();

        assertThat(start.offset()).isZero();
        assertThat(Duration.ofMillis(ttl)).isBetween(Duration.ofHours(23), Duration.ofDays(1));
    }

    @Test
    void aNoticeReachesEveryNodeOnce() {
        Feed otherFeed = redis.feed();
        var heardThere = new RecordingListener();
        otherFeed.listen(heardThere);
        now(otherFeed.follow(OTHER));
        now(feed.follow(OTHER));

        now(feed.broadcast("1"));
        now(otherFeed.broadcast("2"));
        now(feed.broadcast("3"));

        await().atMost(LIMIT).until(() -> heard.notices().contains("3"));
        await().atMost(LIMIT).until(() -> heardThere.notices().contains("3"));
        assertThat(heard.notices()).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(heardThere.notices()).containsExactlyInAnyOrder("1", "2", "3");
    }

    /** On Redis 6.2, scripts send {@code ?} to prove that they may publish. */
    @Test
    void ignoresProofsOfTheRightToPublish() {
        now(feed.follow(CHANNEL));
        now(link.send(Command.PUBLISH, redis.keys().live(CHANNEL), "?"));
        now(link.send(Command.PUBLISH, redis.keys().notices(), "?"));

        Position position = append(CHANNEL, "1").position();
        now(feed.broadcast("after"));

        await().atMost(LIMIT).until(() -> heard.notices().contains("after"));
        assertThat(heard.notices()).containsExactly("after");
        assertThat(heard.entries(CHANNEL)).extracting(Entry::position).containsExactly(position);
        assertThat(heard.doubts()).isZero();
    }

    @Test
    void twoNodesShareOneLog() {
        EventLog otherNode = redis.log(CATALOGUE);
        Feed otherFeed = redis.feed();
        otherFeed.listen(heard);
        now(otherFeed.follow(CHANNEL));
        Position start = top(CHANNEL);
        List<Uni<Accepted>> appends = IntStream.range(0, 100)
                .mapToObj(i -> (i % 2 == 0 ? log : otherNode).append(event(CHANNEL, "" + i), null))
                .toList();

        List<Accepted> answers = inParallel(appends);

        assertThat(answers)
                .extracting(answer -> answer.position().offset())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 100).mapToObj(i -> (long) i).toList());
        await().atMost(LIMIT).until(() -> heard.entries(CHANNEL).size() == 100);
        assertThat(heard.entries(CHANNEL).get(99).position()).isEqualTo(start.at(100));
    }

    @Test
    void fenceRefusesWriterWithoutLease() {
        EventLog fenced = ((RedisEventLog) log).fencedBy("node-a");
        now(link.send(Command.SET, redis.keys().lease("orders"), "node-b"));

        Throwable refused = now(
                fenced.append(event(CHANNEL, "1"), null).onItemOrFailure().transform((accepted, failure) -> failure));

        assertThat(refused).isInstanceOf(FencedException.class);
        assertThat(top(CHANNEL).offset()).isZero();
    }

    @Test
    void theFenceLetsTheLeaseholderPass() {
        EventLog fenced = ((RedisEventLog) log).fencedBy("node-a");
        now(link.send(Command.SET, redis.keys().lease("orders"), "node-a"));

        assertThat(now(fenced.append(event(CHANNEL, "1"), null)).position().offset())
                .isEqualTo(1);
    }

    /** As far as a channel can tell: its last entry was taken by a process that is gone. */
    private void restartRedis(Channel channel) {
        now(link.send(Command.HSET, redis.keys().top(channel), "r", "gone"));
    }

    /** Brings a channel back to where it was some entries ago, as an old snapshot does. */
    private void loseTheEnd(Channel channel, int entries) {
        long top = now(link.send(Command.HINCRBY, redis.keys().top(channel), "o", -entries))
                .toLong();
        for (long offset = top + 1; offset <= top + entries; offset++) {
            now(link.send(Command.XDEL, redis.keys().log(channel), offset + "-0"));
        }
        // What a stream remembers of deleted ids is lost, too.
        now(link.send(Command.create("XSETID"), redis.keys().log(channel), top + "-0"));
    }

    private void expireNow(String key) {
        now(link.send(Command.PEXPIRE, key, 1));
        await().atMost(LIMIT).until(() -> now(link.send(Command.EXISTS, key)).toInteger() == 0);
    }
}
