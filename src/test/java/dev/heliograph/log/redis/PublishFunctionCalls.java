package dev.heliograph.log.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A Redis that has the function loaded, and words to call it. */
abstract class PublishFunctionCalls {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    static final Channel CHANNEL = new Channel("orders-123");
    static final Catalogue CATALOGUE =
            new Catalogue(List.of(Namespaces.of("orders", 2000, "order.created", "order.updated")));

    static RedisServer server;
    RedisFixture redis;
    RedisLink link;
    RedisEventLog log;
    PublishFunction function;

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

    Response publish(String channel, Object... args) {
        List<Object> all = new ArrayList<>(List.of(function.name(), 1, channel));
        all.addAll(List.of(args));
        return now(link.send(Command.create("FCALL"), all.toArray()));
    }

    Entry newest(Channel channel) {
        Position top = now(log.since(channel, null, 1)).top();
        return now(log.since(channel, top.at(top.offset() - 1), 1)).entries().get(0);
    }

    static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
