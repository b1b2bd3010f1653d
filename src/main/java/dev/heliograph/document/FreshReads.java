package dev.heliograph.document;

import dev.heliograph.document.DocumentReads.Found;
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

/** Reads documents from the log, and falls back to what was last known of them. */
@Singleton
class FreshReads {
    private final CachedDocuments cached;
    private final Duration staleAfter;
    private final Counter stale;

    FreshReads(CachedDocuments cached, DocumentConfig config, MeterRegistry metrics) {
        this.cached = cached;
        this.staleAfter = config.staleAfter();
        this.stale = DocumentReads.lookups("stale", metrics);
    }

    /** @return fails as the log does, if no document is known */
    @Fallback(fallbackMethod = "lastKnown", applyOn = ProblemException.class)
    Uni<Found> read(Channel channel) {
        Uni<Found> fresh = cached.read(channel).map(read -> new Found(read.document(), false, false));
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
        return cached.lastKnown(channel).flatMap(CachedDocument::document);
    }
}
