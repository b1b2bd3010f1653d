package dev.heliograph.log.redis;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.EventLog;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;

/** The documents in Redis behind the {@link RedisGuard}. */
final class GuardedDocumentLog implements DocumentLog {
    private final RedisDocumentLog documents;
    private final RedisGuard guard;

    public GuardedDocumentLog(RedisDocumentLog documents, RedisGuard guard) {
        this.documents = documents;
        this.guard = guard;
    }

    @Override
    public Uni<Snapshot> snapshot(Channel channel) {
        return Uni.createFrom()
                .deferred(() -> guard.read(() -> documents.snapshot(channel)))
                .onFailure()
                .transform(RedisFailure::ofGuardToClient);
    }

    @Override
    public Uni<Optional<Accepted>> earlier(Channel channel, String idempotencyKey) {
        return Uni.createFrom()
                .deferred(() -> guard.read(() -> documents.earlier(channel, idempotencyKey)))
                .onFailure()
                .transform(RedisFailure::ofGuardToClient);
    }

    /**
     * A change without a key gets one while it is retried. A retry then changes nothing twice, and is not refused because
     * of the first attempt.
     */
    @Override
    public Uni<Optional<Accepted>> change(DocumentChange change, Expected expected, String idempotencyKey) {
        return Uni.createFrom()
                .deferred(() -> {
                    String key = idempotencyKey == null ? GuardedEventLog.newTryKey() : idempotencyKey;
                    Duration window = idempotencyKey == null ? RedisGuard.TRIES_WINDOW : EventLog.REPEAT_WINDOW;
                    return guard.write(() -> documents.change(change, expected, key, window));
                })
                .onFailure()
                .transform(RedisFailure::ofGuardToClient);
    }
}
