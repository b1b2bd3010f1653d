package dev.heliograph.document;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Document;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.faulttolerance.Fallback;

/** Answers who wants to read a document: from near, else from the log, else with what was last known. */
@Singleton
class DocumentReads {
    private final NearDocuments near;
    private final Duration staleAfter;
    private final Counter hits;
    private final Counter misses;
    private final Counter stale;

    /**
     * @param document empty if there is none
     * @param isStale whether the log could not be asked, and it may have changed
     */
    record Found(Optional<Document> document, boolean isNear, boolean isStale) {}

    DocumentReads(NearDocuments near, DocumentConfig config, MeterRegistry metrics) {
        this.near = near;
        this.staleAfter = config.staleAfter();
        this.hits = lookups("hit", metrics);
        this.misses = lookups("miss", metrics);
        this.stale = lookups("stale", metrics);
    }

    /** @return fails as the log does, if no document is known */
    @Fallback(fallbackMethod = "lastKnown", applyOn = ProblemException.class)
    Uni<Found> read(Channel channel) {
        Optional<NearDocument> current = near.current(channel);
        if (current.isPresent()) {
            hits.increment();
            return Uni.createFrom().item(new Found(current.get().document(), true, false));
        }
        misses.increment();
        Uni<Found> fresh = near.read(channel).map(read -> new Found(read.document(), false, false));
        return lastKnown(channel).isEmpty()
                ? fresh
                : fresh.ifNoItem().after(staleAfter).failWith(LogTimeout::ofLog);
    }

    Uni<Found> lastKnown(Channel channel, ProblemException failure) {
        Optional<Document> known = lastKnown(channel);
        if (known.isEmpty()) {
            return Uni.createFrom().failure(failure);
        }
        stale.increment();
        return Uni.createFrom().item(new Found(known, true, true));
    }

    /** Empty, too, if there was none: that may have changed since, and nothing could be answered that says so. */
    private Optional<Document> lastKnown(Channel channel) {
        return near.lastKnown(channel).flatMap(NearDocument::document);
    }

    private static Counter lookups(String outcome, MeterRegistry metrics) {
        return Counter.builder("heliograph_document_lookups")
                .tag("outcome", outcome)
                .register(metrics);
    }
}
