package dev.heliograph.log.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection that many commands use at a time. The pool gives a connection to one command after another, so the round
 * trips would add up. The first command opens the connection, and the first command after a failure opens it again. A
 * command that takes longer than the timeout closes the connection, because a dead socket looks like a slow one. A command
 * that a replica refuses also closes it, because another connection may lead to the master. A connection younger than the
 * timeout stays open in that case, because others work on it. Any thread may call. Failures come as {@link
 * dev.heliograph.problem.ProblemException} if a client can get them as a problem.
 */
public final class RedisLink {
    /**
     * A script's argument that stands for the run id of the Redis process; empty if the connection may lead to several
     * processes.
     */
    static final Object RUN_ID = new Object();

    private static final Pattern STANDALONE_RUN_ID =
            Pattern.compile("redis_mode:standalone\\s.*run_id:(\\w+)", Pattern.DOTALL);

    /** For all links of this process: one line is enough. */
    private static final AtomicBoolean WAS_TOLD = new AtomicBoolean();

    private final Redis redis;
    private final Duration timeout;
    /** The connection or its making; null when there is none. Replaced only by CAS. */
    private final AtomicReference<Uni<Open>> current = new AtomicReference<>();

    /** @param runId empty if the connection may lead to several processes */
    private record Open(RedisConnection connection, String runId, long sinceNanos) {
        Open(RedisConnection connection, String runId) {
            this(connection, runId, System.nanoTime());
        }
    }

    public RedisLink(Redis redis, Duration timeout) {
        this.redis = redis;
        this.timeout = timeout;
    }

    /** Runs a script, by its digest if Redis knows it. */
    public Uni<Response> run(Script script, List<String> keys, Object... args) {
        return send(runId -> request(Command.EVALSHA, script.sha1(), runId, keys, args))
                .onFailure(RedisFailure::isUnknownScript)
                .recoverWithUni(() -> send(runId -> request(Command.EVAL, script.source(), runId, keys, args)))
                .onFailure()
                .transform(RedisFailure::toProblem);
    }

    /** @param args text, numbers or bytes */
    public Uni<Response> send(Command command, Object... args) {
        return send(runId -> addAll(Request.cmd(command), runId, args))
                .onFailure()
                .transform(RedisFailure::toProblem);
    }

    /** Closes the connection; a later command would open another. */
    public void close() {
        Uni<Open> last = current.getAndSet(null);
        if (last != null) {
            last.subscribe().with(open -> OwnConnection.drop(open.connection()), failure -> {});
        }
    }

    private Uni<Response> send(Function<String, Request> request) {
        return Uni.createFrom().deferred(() -> {
            Uni<Open> used = connection();
            return used.chain(open -> open.connection()
                            .send(request.apply(open.runId()))
                            .onFailure(failure -> RedisFailure.isOfReplica(failure) && isOld(open))
                            .invoke(() -> condemn(used)))
                    .ifNoItem()
                    .after(timeout)
                    .fail()
                    .onFailure(TimeoutException.class)
                    .invoke(() -> condemn(used));
        });
    }

    private Uni<Open> connection() {
        Uni<Open> known = current.get();
        if (known != null) {
            return known;
        }
        var opening = new AtomicReference<Uni<Open>>();
        opening.set(
                open().invoke(open -> open.connection().endHandler(() -> current.compareAndSet(opening.get(), null)))
                        .onFailure()
                        .invoke(() -> current.compareAndSet(opening.get(), null))
                        .memoize()
                        .indefinitely());
        return current.compareAndSet(null, opening.get()) ? opening.get() : connection();
    }

    private Uni<Open> open() {
        return OwnConnection.open(redis, timeout).chain(connection -> connection
                .send(Request.cmd(Command.INFO).arg("server"))
                .ifNoItem()
                .after(timeout)
                .fail()
                .map(info -> new Open(connection, runId(info.toString())))
                .onFailure(RedisFailure::isRefused)
                .recoverWithItem(refusal -> {
                    tellThatRunIsUnknown(refusal);
                    return new Open(connection, "");
                })
                .onFailure()
                .invoke(() -> OwnConnection.drop(connection)));
    }

    private static void tellThatRunIsUnknown(Throwable refusal) {
        if (!WAS_TOLD.getAndSet(true)) {
            Log.warnf(
                    "Redis does not tell which process it is: if it is started again without its newest events, others get"
                            + " their positions, and whoever saw the lost ones misses those. The gateway's user, and each that"
                            + " calls the function, must be allowed INFO (ACL SETUSER <user> +info): %s",
                    refusal.getMessage());
        }
    }

    private static String runId(String info) {
        Matcher found = STANDALONE_RUN_ID.matcher(info);
        return found.find() ? found.group(1) : "";
    }

    private boolean isOld(Open open) {
        return System.nanoTime() - open.sinceNanos() > timeout.toNanos();
    }

    private void condemn(Uni<Open> used) {
        if (current.compareAndSet(used, null)) {
            used.subscribe().with(open -> OwnConnection.drop(open.connection()), failure -> {});
        }
    }

    private static Request request(Command command, String script, String runId, List<String> keys, Object... args) {
        Request request = Request.cmd(command).arg(script).arg(keys.size());
        keys.forEach(request::arg);
        return addAll(request, runId, args);
    }

    private static Request addAll(Request request, String runId, Object... args) {
        for (Object arg : args) {
            if (arg instanceof byte[] bytes) {
                request.arg(Buffer.buffer(bytes));
            } else {
                request.arg(arg == RUN_ID ? runId : arg.toString());
            }
        }
        return request;
    }

    /** A Lua script and the digest by which Redis knows it. */
    public record Script(String source, String sha1) {
        public static Script of(String source) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-1").digest(source.getBytes(UTF_8));
                return new Script(source, HexFormat.of().formatHex(digest));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every Java runtime has SHA-1", e);
            }
        }

        /** Joins files that lie beside a class. */
        public static Script read(Class<?> beside, String... files) {
            var source = new StringBuilder();
            for (String file : files) {
                source.append(text(beside, file));
            }
            return of(source.toString());
        }

        static String text(Class<?> beside, String file) {
            try (InputStream in = beside.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalArgumentException("file is " + file + ", expected one beside " + beside.getName());
                }
                return new String(in.readAllBytes(), UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
