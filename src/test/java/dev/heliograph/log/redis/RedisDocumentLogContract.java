package dev.heliograph.log.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.event.Channel;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.DocumentLogContract;
import dev.heliograph.log.Position;
import io.vertx.mutiny.redis.client.Command;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for documents in Redis, whatever the version. */
abstract class RedisDocumentLogContract extends DocumentLogContract {
    /** Each class starts the one that it is about. */
    static RedisServer server;

    private RedisFixture redis;
    private RedisLink link;
    private RedisDocumentLog documents;

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected Engine open() {
        redis = new RedisFixture(server);
        link = redis.link();
        RedisEventLog log = redis.log(DOCUMENT_CATALOGUE);
        documents = log.documents();
        return new Engine(log, redis.feed());
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Override
    protected DocumentLog documents() {
        return documents;
    }

    @Override
    protected void letHistoryExpire(Channel channel) {
        for (String key : List.of(redis.keys().log(channel), redis.keys().latest(channel))) {
            expireNow(key);
        }
    }

    @Override
    protected void letRepeatWindowPass(Channel channel, String idempotencyKey) {
        expireNow(redis.keys().once(channel, idempotencyKey));
    }

    @Override
    protected void letDocumentExpire(Channel channel) {
        String key = redis.keys().document(channel);
        assertThat(now(link.send(Command.PTTL, key)).toLong()).isBetween(1L, DOCUMENT_TTL.toMillis());
        expireNow(key);
    }

    @Test
    void aDocumentWithoutATtlStays() {
        write(CHANNEL, "{}", Expected.NOTHING);

        assertThat(now(link.send(Command.PTTL, redis.keys().document(CHANNEL))).toLong())
                .isEqualTo(-1);
    }

    @Test
    void keepsChangeWithoutKeyForTheWindowOfItsTries() {
        var guarded = new GuardedDocumentLog(documents, new RedisGuard());

        now(guarded.change(change(CHANNEL, "{}"), Expected.NOTHING, null));
        now(guarded.change(change(CHANNEL, "{}"), present(CHANNEL), "own"));

        String triedKey = now(link.send(Command.KEYS, redis.keys().once(CHANNEL, "try:*")))
                .get(0)
                .toString();
        assertThat(now(link.send(Command.PTTL, triedKey)).toLong()).isBetween(1L, RedisGuard.TRIES_WINDOW.toMillis());
        assertThat(now(link.send(Command.PTTL, redis.keys().once(CHANNEL, "own")))
                        .toLong())
                .isGreaterThan(RedisGuard.TRIES_WINDOW.toMillis());
    }

    @Test
    void aForgottenScriptIsSentAgain() {
        Position first = write(CHANNEL, "{}", Expected.NOTHING).position();

        now(link.send(Command.SCRIPT, "FLUSH"));

        assertThat(document(CHANNEL).version()).isEqualTo(first);
        now(link.send(Command.SCRIPT, "FLUSH"));
        assertThat(tryWrite(CHANNEL, "{}", Expected.version(first))).isPresent();
    }

    @Test
    void aDocumentOutlivesTheEpochOfItsVersion() {
        Position first = write(CHANNEL, "{\"n\":1}", Expected.NOTHING).position();
        expireNow(redis.keys().top(CHANNEL));

        assertThat(snapshot(CHANNEL).top().epoch()).isNotEqualTo(first.epoch());
        assertThat(document(CHANNEL).version()).isEqualTo(first);
        Position second = write(CHANNEL, "{\"n\":2}", Expected.version(first)).position();
        assertThat(second).isEqualTo(top(CHANNEL).at(1));
        assertThat(document(CHANNEL).version()).isEqualTo(second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "top", "latest"})
    void aChangeThatRedisCannotTellToAllIsNotMade(String broken) {
        redis.spoil(CHANNEL.firehose(), broken);
        var before = redis.contents();

        assertThatThrownBy(() -> write(CHANNEL, "{}", Expected.NOTHING)).hasMessageContaining("WRONGTYPE");

        assertThat(redis.contents()).isEqualTo(before);
    }

    private void expireNow(String key) {
        now(link.send(Command.PEXPIRE, key, 1));
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> now(link.send(Command.EXISTS, key)).toLong() == 0);
    }
}
