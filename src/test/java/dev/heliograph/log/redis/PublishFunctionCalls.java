package dev.heliograph.log.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A Redis that has the function loaded, and words to call it. */
abstract class PublishFunctionCalls extends RunningRedis {
    static final Channel CHANNEL = new Channel("orders-123");
    static final Catalogue CATALOGUE =
            new Catalogue(List.of(Namespaces.of("orders", 2000, "order.created", "order.updated")));

    RedisEventLog log;
    PublishFunction function;

    @BeforeEach
    void load() {
        log = redis.log(CATALOGUE);
        function = new PublishFunction(link, redis.config(), CATALOGUE);
        boolean loaded = now(function.load());
        assumeTrue(loaded, "functions came with Redis 7, this server is older");
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
}
