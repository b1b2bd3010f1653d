package dev.heliograph.log.redis;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.EventLog;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.redis.client.Response;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The Redis function {@code heliograph_publish}: appends as {@link RedisEventLog} does, for any client that speaks Redis. It
 * knows the catalogue with which it was loaded; nodes of one deployment must be configured alike.
 */
public final class PublishFunction {
    private final RedisLink link;
    private final String source;

    public PublishFunction(RedisLink link, RedisLogConfig config, Catalogue catalogue) {
        this.link = link;
        this.source = source(new Keys(config.prefix()), catalogue);
    }

    /**
     * Loads the function, in place of an older one.
     *
     * @return whether Redis has it now; false, after one line in the log, where there are no functions (before Redis 7)
     */
    public Uni<Boolean> load() {
        return link.send(Command.create("FUNCTION"), "LOAD", "REPLACE", source)
                .replaceWith(true)
                .onFailure(PublishFunction::isUnsupported)
                .recoverWithItem(() -> {
                    Log.info(
                            "This Redis has no functions (they came with version 7): FCALL heliograph_publish is not offered");
                    return false;
                });
    }

    private static boolean isUnsupported(Throwable failure) {
        return failure instanceof Response && failure.getMessage().contains("unknown command");
    }

    private static String source(Keys keys, Catalogue catalogue) {
        String namespaces = catalogue.namespaces().stream()
                .map(PublishFunction::table)
                .collect(Collectors.joining(",\n  ", "{\n  ", "\n}\n"));
        return "#!lua name=heliograph\n"
                + "local PREFIX = '" + keys.prefix() + "'\n"
                + "local REPEAT_WINDOW = " + EventLog.REPEAT_WINDOW.toMillis() + "\n"
                + "local NAMESPACES = " + namespaces
                + Script.text(PublishFunction.class, "append.lua")
                + Script.text(PublishFunction.class, "publish.lua");
    }

    /** Names and types need no escaping: {@link Namespace} admits letters, digits and a few marks only. */
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
