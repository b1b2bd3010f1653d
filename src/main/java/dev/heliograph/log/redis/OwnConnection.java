package dev.heliograph.log.redis;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A connection taken out of the pool for good, whose {@code close()} closes the socket. The pool takes a closed connection
 * back in any state, unless it was used for pub/sub: this is the reason for the {@code UNSUBSCRIBE}. Its answer must come
 * before any command is sent, because the client would take it for the answer to that command.
 */
final class OwnConnection {
    /** The connection to close if nobody waits any more; null before it is open. */
    private final AtomicReference<RedisConnection> opened = new AtomicReference<>();

    private volatile boolean abandoned;

    private OwnConnection() {}

    /**
     * Fails with {@link io.smallrye.mutiny.TimeoutException} after the timeout; a connection that opens later is closed.
     */
    static Uni<RedisConnection> open(Redis redis, Duration timeout) {
        return Uni.createFrom().deferred(() -> {
            var opening = new OwnConnection();
            return Uni.createFrom()
                    .<RedisConnection>emitter(emitter -> redis.connect()
                            .subscribe()
                            .with(connection -> opening.prepare(connection, emitter), emitter::fail))
                    .onCancellation()
                    .invoke(opening::abandon)
                    .ifNoItem()
                    .after(timeout)
                    .fail();
        });
    }

    static void drop(RedisConnection connection) {
        connection.close().subscribe().with(closed -> {}, failure -> {});
    }

    private void prepare(RedisConnection connection, UniEmitter<? super RedisConnection> emitter) {
        connection.handler(answer -> {
            connection.exceptionHandler(failure -> {});
            connection.endHandler(() -> {});
            emitter.complete(connection);
        });
        connection.exceptionHandler(emitter::fail);
        connection.endHandler(() -> emitter.fail(new ConnectException("closed while opening")));
        connection.send(Request.cmd(Command.UNSUBSCRIBE)).subscribe().with(sent -> {}, emitter::fail);
        opened.set(connection);
        if (abandoned) {
            drop(connection);
        }
    }

    private void abandon() {
        abandoned = true;
        RedisConnection connection = opened.get();
        if (connection != null) {
            drop(connection);
        }
    }
}
