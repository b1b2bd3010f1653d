package dev.heliograph.log.redis;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The log in Redis behind the {@link RedisGuard}. */
final class GuardedEventLog implements EventLog {
    private final RedisEventLog log;
    private final RedisGuard guard;

    GuardedEventLog(RedisEventLog log, RedisGuard guard) {
        this.log = log;
        this.guard = guard;
    }

    /** An append without a key gets one while it is retried, so that a retry appends nothing twice. */
    @Override
    public Uni<Accepted> append(Event event, String idempotencyKey) {
        return Uni.createFrom().deferred(() -> {
            // docs/decisions.md: A write without a key gets one while it is retried
            String key = idempotencyKey == null ? newTryKey() : idempotencyKey;
            Duration window = idempotencyKey == null ? RedisGuard.TRIES_WINDOW : REPEAT_WINDOW;
            return toProblems(guard.write(() -> log.append(event, key, window)));
        });
    }

    @Override
    public Uni<History> since(Channel channel, Position after, int limit) {
        return Uni.createFrom().deferred(() -> toProblems(guard.read(() -> log.since(channel, after, limit))));
    }

    @Override
    public Uni<List<Entry>> latest(Channel channel) {
        return Uni.createFrom().deferred(() -> toProblems(guard.read(() -> log.latest(channel))));
    }

    /** A key that no client can send. */
    static String newTryKey() {
        return "try:" + UUID.randomUUID();
    }

    private static <T> Uni<T> toProblems(Uni<T> guarded) {
        return guarded.onFailure().transform(RedisFailure::ofGuardToClient);
    }
}
