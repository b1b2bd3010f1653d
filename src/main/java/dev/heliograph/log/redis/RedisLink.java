package dev.heliograph.log.redis;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * One connection, held and used by many commands at a time: the pool gives a connection to one command after another, so
 * its round trips would add up. Opened by the first command, and again by the first one after it failed. A command that
 * takes longer than the timeout condemns the connection, for a socket that went dead looks like a slow one. Any thread may
 * call; failures come as {@link dev.heliograph.problem.ProblemException} where a client can be told of them.
 */
public final class RedisLink {
    private final Redis redis;
    private final Duration timeout;
    /** The connection or its making; null when there is none. Replaced only by CAS. */
    private final AtomicReference<Uni<RedisConnection>> current = new AtomicReference<>();

    public RedisLink(Redis redis, Duration timeout) {
        this.redis = redis;
        this.timeout = timeout;
    }

    /** Runs a script, by its digest if Redis knows it. */
    public Uni<Response> run(Script script, List<String> keys, Object... args) {
        return send(() -> request(Command.EVALSHA, script.sha1(), keys, args))
                .onFailure(RedisFailure::isUnknownScript)
                .recoverWithUni(() -> send(() -> request(Command.EVAL, script.source(), keys, args)))
                .onFailure()
                .transform(RedisFailure::toProblem);
    }

    /** @param args text, numbers or bytes */
    public Uni<Response> send(Command command, Object... args) {
        return send(() -> addAll(Request.cmd(command), args)).onFailure().transform(RedisFailure::toProblem);
    }

    /** Closes the connection; a later command would open another. */
    public void close() {
        Uni<RedisConnection> last = current.getAndSet(null);
        if (last != null) {
            last.subscribe().with(OwnConnection::drop, failure -> {});
        }
    }

    private Uni<Response> send(Supplier<Request> request) {
        return Uni.createFrom().deferred(() -> {
            Uni<RedisConnection> used = connection();
            return used.chain(connection -> connection.send(request.get()))
                    .ifNoItem()
                    .after(timeout)
                    .fail()
                    .onFailure(TimeoutException.class)
                    .invoke(() -> condemn(used));
        });
    }

    private Uni<RedisConnection> connection() {
        Uni<RedisConnection> known = current.get();
        if (known != null) {
            return known;
        }
        var opening = new AtomicReference<Uni<RedisConnection>>();
        opening.set(OwnConnection.open(redis, timeout)
                .invoke(connection -> connection.endHandler(() -> current.compareAndSet(opening.get(), null)))
                .onFailure()
                .invoke(() -> current.compareAndSet(opening.get(), null))
                .memoize()
                .indefinitely());
        return current.compareAndSet(null, opening.get()) ? opening.get() : connection();
    }

    private void condemn(Uni<RedisConnection> used) {
        if (current.compareAndSet(used, null)) {
            used.subscribe().with(OwnConnection::drop, failure -> {});
        }
    }

    private static Request request(Command command, String script, List<String> keys, Object... args) {
        Request request = Request.cmd(command).arg(script).arg(keys.size());
        keys.forEach(request::arg);
        return addAll(request, args);
    }

    private static Request addAll(Request request, Object... args) {
        for (Object arg : args) {
            if (arg instanceof byte[] bytes) {
                request.arg(Buffer.buffer(bytes));
            } else {
                request.arg(arg.toString());
            }
        }
        return request;
    }
}
