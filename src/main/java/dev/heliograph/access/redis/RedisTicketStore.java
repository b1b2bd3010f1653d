package dev.heliograph.access.redis;

import dev.heliograph.access.TicketStore;
import dev.heliograph.log.redis.Keys;
import dev.heliograph.log.redis.RedisEngine;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.Optional;

/** Tickets as keys of Redis, which end by themselves. If an answer of Redis is lost, so is the ticket. */
public final class RedisTicketStore implements TicketStore {
    private final RedisEngine redis;
    private final Keys keys;

    public RedisTicketStore(RedisEngine redis, Keys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    @Override
    public Uni<Void> put(String name, String value, Duration validity) {
        return redis.write(link -> link.send(Command.SET, keys.ticket(name), value, "PX", validity.toMillis()))
                .replaceWithVoid();
    }

    @Override
    public Uni<Optional<String>> take(String name) {
        return redis.write(link -> link.send(Command.create("GETDEL"), keys.ticket(name)))
                .map(stored -> Optional.ofNullable(stored).map(Object::toString));
    }
}
