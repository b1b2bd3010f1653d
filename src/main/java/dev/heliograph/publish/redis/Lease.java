package dev.heliograph.publish.redis;

import dev.heliograph.log.redis.RedisLink;
import dev.heliograph.log.redis.RedisLink.Script;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;

/**
 * The right to append the messages of raw {@code PUBLISH} to one namespace. It may be lost at any time without notice. The
 * append script checks it and refuses a stale holder.
 *
 * @param key the key in Redis
 * @param token identifies this node
 * @param ttl its life without {@link #hold}
 */
record Lease(RedisLink link, String key, String token, Duration ttl) {
    private static final Script HOLD = Script.read(Lease.class, "hold.lua");
    private static final Script GIVE = Script.read(Lease.class, "give.lua");
    private static final Script RELEASE = Script.read(Lease.class, "release.lua");

    /** Takes or renews it. Returns whether it is ours now. */
    Uni<Boolean> hold() {
        return link.run(HOLD, List.of(key), token, ttl.toMillis()).map(answer -> answer.toInteger() == 1);
    }

    /** Gives it to the node with that token. */
    Uni<Void> give(String heir) {
        return link.run(GIVE, List.of(key), token, heir, ttl.toMillis()).replaceWithVoid();
    }

    /** Frees it at once, so that another node need not wait for its end. */
    Uni<Void> release() {
        return link.run(RELEASE, List.of(key), token).replaceWithVoid();
    }
}
