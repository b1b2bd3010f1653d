package dev.heliograph.access.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.heliograph.access.TicketStore;
import dev.heliograph.access.TicketsContract;
import dev.heliograph.event.Catalogue;
import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.redis.RedisFixture;
import dev.heliograph.log.redis.RedisLink;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisTicketsTest extends TicketsContract {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("orders", "order.updated")));
    private static RedisServer server;
    private RedisFixture redis;

    /** Called once for the class. */
    RedisServer startServer() {
        return RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
        server = null;
    }

    @BeforeEach
    void open() {
        if (server == null) {
            server = startServer();
        }
        redis = new RedisFixture(server);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Override
    protected TicketStore store() {
        return new RedisTicketStore(redis.engine(CATALOGUE), redis.keys());
    }

    @Test
    void keepsValueUnderItsNameForItsTime() {
        RedisLink link = redis.link();
        now(store().put("abc", "value", Duration.ofSeconds(30)));

        long millis = now(link.send(Command.PTTL, redis.keys().prefix() + ":ticket:abc"))
                .toLong();

        assertThat(millis).isBetween(20_000L, 30_000L);
    }

    @Test
    void forgetsValueWhenItsTimeIsOver() {
        TicketStore store = store();
        now(store.put("abc", "value", Duration.ofMillis(1)));

        await().atMost(LIMIT)
                .until(() -> now(redis.link().send(Command.EXISTS, redis.keys().ticket("abc")))
                                .toLong()
                        == 0);

        assertThat(now(store.take("abc"))).isEmpty();
    }

    @Test
    void failsAsLogWhileRedisIsAway() {
        try (var proxy = new FaultProxy(server.host(), server.port());
                var behind = new RedisFixture("redis://" + proxy.host() + ":" + proxy.port(), "away")) {
            var store = new RedisTicketStore(behind.engine(CATALOGUE), behind.keys());
            proxy.cut();

            assertThatThrownBy(() -> now(store.take("abc"))).hasMessageContaining("Redis");
        }
    }
}
