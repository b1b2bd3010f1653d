package dev.heliograph.log.redis;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.redis.RedisLink.Script;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.redis.client.Response;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The Redis function {@code heliograph_publish}: appends like {@link RedisEventLog}, for any client of Redis. It has the
 * catalogue with which it was loaded, so all nodes of one installation must have the same configuration. Installations that
 * share a Redis each have a function of their own.
 */
final class PublishFunction {
    private static final String DEFAULT_PREFIX = "heliograph";
    private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9]");

    private final RedisLink link;
    private final String name;
    private final String source;
    private final AtomicBoolean wasRefused = new AtomicBoolean();
    private volatile boolean isLoaded;

    public PublishFunction(RedisLink link, RedisEngine.Config config, Catalogue catalogue) {
        var keys = new Keys(config.prefix());
        this.link = link;
        this.name = "heliograph_publish" + suffix(keys.prefix());
        this.source = source(name, keys, catalogue);
    }

    /** The function's name, as {@code FCALL} takes it. */
    public String name() {
        return name;
    }

    /**
     * Loads the function, in place of an older one. Logs the first failure after a success, so the caller need not log when
     * it retries.
     *
     * @return whether Redis has it now; false, after one line in the log, if Redis has no functions (before Redis 7)
     */
    public Uni<Boolean> load() {
        return link.send(Command.create("FUNCTION"), "LOAD", "REPLACE", source)
                .replaceWith(true)
                .invoke(() -> {
                    wasRefused.set(false);
                    isLoaded = true;
                })
                .onFailure(PublishFunction::isUnsupported)
                .recoverWithItem(() -> {
                    Log.infof(
                            "This Redis has no functions (they came with version 7): FCALL is not offered [%s]", name);
                    return false;
                })
                .onFailure()
                .invoke(this::tellOnce);
    }

    /**
     * Loads the function if Redis has lost it ({@code FUNCTION FLUSH}). Sends one command, which otherwise changes nothing.
     * Does nothing before {@link #load} has succeeded. Never fails.
     *
     * @return whether Redis had lost it
     */
    public Uni<Boolean> mend() {
        return Uni.createFrom()
                .deferred(() -> isLoaded
                        ? link.send(Command.create("FUNCTION"), "LOAD", source).replaceWith(true)
                        : Uni.createFrom().item(false))
                .invoke(wasForgotten -> {
                    if (wasForgotten) {
                        Log.warnf("Redis had forgotten its function, which is loaded again [%s]", name);
                    }
                })
                .onFailure()
                .recoverWithItem(refusal -> {
                    // It is there already, or Redis is away. After a break the function is loaded anyway.
                    Log.debugf("The Redis function is not loaded again [%s]: %s", name, refusal.getMessage());
                    return false;
                });
    }

    private void tellOnce(Throwable failure) {
        if (!wasRefused.getAndSet(true)) {
            Log.warnf(
                    "FCALL is not offered yet, its function could not be loaded and is tried again [%s]: %s. The gateway's"
                            + " user must be allowed FUNCTION (ACL SETUSER <user> +function), and Redis be writable",
                    name, failure.getMessage());
        }
    }

    /** Redis takes letters, digits and underscores; no two prefixes become one name. */
    private static String suffix(String prefix) {
        if (prefix.equals(DEFAULT_PREFIX)) {
            return "";
        }
        return "_"
                + NOT_PLAIN.matcher(prefix).replaceAll(mark -> "_%02x"
                        .formatted((int) mark.group().charAt(0)));
    }

    private static boolean isUnsupported(Throwable failure) {
        return failure instanceof Response && failure.getMessage().contains("unknown command");
    }

    /** Names, types and the prefix need no escaping, because {@link Namespace} and {@link Keys} allow only a few marks. */
    private static String source(String name, Keys keys, Catalogue catalogue) {
        String namespaces = catalogue.namespaces().stream()
                .map(PublishFunction::table)
                .collect(Collectors.joining(",\n  ", "{\n  ", "\n}\n"));
        return "#!lua name=heliograph" + suffix(keys.prefix()) + "\n"
                + "local FUNCTION = '" + name + "'\n"
                + "local PREFIX = '" + keys.prefix() + "'\n"
                + "local REPEAT_WINDOW = " + EventLog.REPEAT_WINDOW.toMillis() + "\n"
                + "local NAMESPACES = " + namespaces
                + "local call, may\n"
                + Script.text(PublishFunction.class, "rights.lua")
                + Script.text(PublishFunction.class, "run.lua")
                + Script.text(PublishFunction.class, "append.lua")
                + Script.text(PublishFunction.class, "publish.lua");
    }

    private static String table(Namespace namespace) {
        var types = new TreeSet<>(namespace.types());
        String typeSet = types.stream().map(type -> "['" + type + "'] = true").collect(Collectors.joining(", "));
        return "['" + namespace.name() + "'] = {"
                + "size = " + namespace.historySize()
                + ", firehose_size = " + namespace.firehoseHistorySize()
                + ", ttl = '" + namespace.historyTtl().toMillis() + "'"
                + ", top_ttl = '" + RedisEventLog.topTtl(namespace).toMillis() + "'"
                + ", max_bytes = " + namespace.maxEventBytes()
                + ", type_list = '" + String.join(", ", types) + "'"
                + ", types = {" + typeSet + "}}";
    }
}
