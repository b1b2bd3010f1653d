package dev.heliograph.log.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.mutiny.redis.client.Command;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Under which name the function is loaded, and who may load it. */
class PublishFunctionLoadingTest extends PublishFunctionCalls {
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
    void theNameOfTheFunctionTellsThePrefix(String prefix, String name) {
        try (var named = new RedisFixture(server.uri(), prefix)) {
            var loaded = new PublishFunction(link, named.config(), CATALOGUE);

            assertThat(loaded.name()).isEqualTo(name);
            assertThat(now(loaded.load())).isTrue();
        }
    }

    @Test
    void thatAUserMayNotLoadItIsLoggedOnce() {
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

    @Test
    void comesBackWhenRedisHasForgottenIt() {
        assertThat(now(function.mend())).isFalse();
        now(link.send(Command.create("FUNCTION"), "FLUSH"));

        assertThat(now(function.mend())).isTrue();

        publish("orders-123", "order.updated", "{}");
        assertThat(now(function.mend())).isFalse();
    }
}
