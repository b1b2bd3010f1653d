package dev.heliograph.log.redis;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.Expected;
import dev.heliograph.log.Snapshot;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** The documents in Redis behind the {@link RedisGuard}. */
public final class GuardedDocumentLog implements DocumentLog {
    private final DocumentLog documents;
    private final RedisGuard guard;

    public GuardedDocumentLog(DocumentLog documents, RedisGuard guard) {
        this.documents = documents;
        this.guard = guard;
    }

    @Override
    public Uni<Snapshot> snapshot(Channel channel) {
        return Uni.createFrom()
                .deferred(() -> guard.read(() -> documents.snapshot(channel)))
                .onFailure()
                .transform(RedisFailure::toProblem);
    }

    @Override
    public Uni<Optional<Accepted>> earlier(Channel channel, String idempotencyKey) {
        return Uni.createFrom()
                .deferred(() -> guard.read(() -> documents.earlier(channel, idempotencyKey)))
                .onFailure()
                .transform(RedisFailure::toProblem);
    }

    /** A change without a key gets one, so that a second try neither changes anything twice nor is stale by the first. */
    @Override
    public Uni<Optional<Accepted>> change(DocumentChange change, Expected expected, String idempotencyKey) {
        return Uni.createFrom()
                .deferred(() -> {
                    String key = idempotencyKey == null ? GuardedEventLog.newTryKey() : idempotencyKey;
                    return guard.write(() -> documents.change(change, expected, key));
                })
                .onFailure()
                .transform(RedisFailure::toProblem);
    }
}
