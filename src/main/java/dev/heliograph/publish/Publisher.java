package dev.heliograph.publish;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Event;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.EventLog;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Checks drafts against the catalogue, adds missing ids and times, and appends them to the log. */
@Singleton
public final class Publisher {
    private final Catalogue catalogue;
    private final EventLog log;
    private final Clock clock;

    @Inject
    public Publisher(Catalogue catalogue, EventLog log) {
        this(catalogue, log, Clock.systemUTC());
    }

    Publisher(Catalogue catalogue, EventLog log, Clock clock) {
        this.catalogue = catalogue;
        this.log = log;
        this.clock = clock;
    }

    /**
     * Appends an event.
     *
     * @return fails with {@code unknown-namespace}, {@code unknown-type}, {@code event-too-large}, or like {@link
     *     EventLog#append}
     */
    public Uni<Accepted> publish(Draft draft) {
        return Uni.createFrom().deferred(() -> {
            return log.append(toEvent(draft), keyOf(draft));
        });
    }

    private Event toEvent(Draft draft) {
        Namespace namespace = catalogue.namespaceOf(draft.channel());
        catalogue.requireType("type", namespace, draft.type());
        requireSize(namespace, draft.data().length);
        String id = draft.id() == null ? Event.newId() : draft.id();
        Instant time = draft.time() == null ? clock.instant().truncatedTo(ChronoUnit.MILLIS) : draft.time();
        return new Event(id, draft.channel(), draft.type(), time, draft.data());
    }

    private static String keyOf(Draft draft) {
        return draft.idempotencyKey() == null ? draft.id() : draft.idempotencyKey();
    }

    private static void requireSize(Namespace namespace, int bytes) {
        if (bytes > namespace.maxEventBytes()) {
            throw ProblemException.inField(
                    ProblemType.EVENT_TOO_LARGE,
                    "data",
                    bytes,
                    "at most " + namespace.maxEventBytes() + " bytes in namespace " + namespace.name());
        }
    }
}
