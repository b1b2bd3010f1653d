package dev.heliograph.log.redis;

import dev.heliograph.log.redis.ScriptMonitor.Ran;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Redis holds and announced, as lines that can be compared. */
final class RedisPicture {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Pattern ANNOUNCEMENT = Pattern.compile("\\d+:\\w+:");
    private static final Pattern EPOCH = Pattern.compile("\\b[0-9a-z]{10,17}\\b");

    private RedisPicture() {}

    /** What all keys hold and what was announced, whatever the epochs. */
    static List<String> of(RedisLink admin, List<Ran> ran) {
        List<String> lines = new ArrayList<>();
        for (Response name : now(admin.send(Command.KEYS, "t:*"))) {
            String key = name.toString();
            String type = now(admin.send(Command.TYPE, key)).toString();
            Response held =
                    switch (type) {
                        case "string" -> now(admin.send(Command.GET, key));
                        case "hash" -> now(admin.send(Command.HGETALL, key));
                        case "stream" -> now(admin.send(Command.XRANGE, key, "-", "+"));
                        default -> throw new AssertionError(type);
                    };
            boolean expires = now(admin.send(Command.PTTL, key)).toLong() > 0;
            lines.add(key
                    + (expires ? " expires: " : " stays: ")
                    + (type.equals("hash") ? hashText(held) : text(held.getDelegate())));
        }
        ran.stream()
                .filter(one -> one.isPublish()
                        && ANNOUNCEMENT.matcher(one.args().get(2)).lookingAt())
                .forEach(one ->
                        lines.add(one.name() + " was told " + one.args().get(2).replace("\\", "")));
        return lines.stream()
                .map(line -> EPOCH.matcher(line).replaceAll("<epoch>"))
                .sorted()
                .toList();
    }

    private static String text(io.vertx.redis.client.Response held) {
        return held.type() == ResponseType.MULTI
                ? held.stream().map(RedisPicture::text).collect(Collectors.joining(",", "[", "]"))
                : held.toString();
    }

    /** In one order, whatever Redis made of it. */
    private static String hashText(Response fields) {
        return fields.getKeys().stream()
                .map(field -> field + "=" + fields.get(field))
                .sorted()
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static <T> T now(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
