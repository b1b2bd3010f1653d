package dev.heliograph.document;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Answers the readers of a document: at once from the cache, otherwise as {@link FreshReads} do. Nothing stands before the
 * cache, because fault tolerance would make a reader wait for another turn of the event loop.
 */
@Singleton
public final class DocumentReads {
    private final DocumentLog log;
    private final CachedDocuments cached;
    private final FreshReads fresh;
    private final Counter hits;
    private final Counter misses;

    /**
     * A document and where it was found.
     *
     * @param document empty if there is none
     * @param isStale whether the log could not be asked, and it may have changed
     */
    public record Found(Optional<Document> document, boolean isCached, boolean isStale) {}

    DocumentReads(DocumentLog log, CachedDocuments cached, FreshReads fresh, MeterRegistry metrics) {
        this.log = log;
        this.cached = cached;
        this.fresh = fresh;
        this.hits = lookups("hit", metrics);
        this.misses = lookups("miss", metrics);
    }

    /**
     * Reads a document, if the condition allows. That is for the log to decide, in a read that begins now: what is
     * cached, or being read for others, may be older than the version that the client knows. Caches have no say in
     * {@code If-Match} either (RFC 9111, section 4.3.2).
     *
     * @return fails with {@code precondition-failed} if another version is there, and as the log does, if no document is known
     */
    public Uni<Found> read(Channel channel, Condition condition) {
        if (condition.kind() == Condition.Kind.NONE) {
            return Uni.createFrom().deferred(() -> find(channel));
        }
        return log.snapshot(channel).map(read -> {
            read.document().ifPresent(condition::requireOf);
            return new Found(read.document(), false, false);
        });
    }

    private Uni<Found> find(Channel channel) {
        // docs/decisions.md: Fault tolerance is behind the cache, not in front of it
        Optional<CachedDocument> current = cached.current(channel);
        if (current.isPresent()) {
            hits.increment();
            return Uni.createFrom().item(new Found(current.get().document(), true, false));
        }
        misses.increment();
        return fresh.read(channel);
    }

    static Counter lookups(String outcome, MeterRegistry metrics) {
        return Counter.builder("heliograph_document_lookups")
                .tag("outcome", outcome)
                .register(metrics);
    }
}
