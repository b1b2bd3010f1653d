package dev.heliograph.publish;

import static dev.heliograph.wire.WireNames.DATA;
import static dev.heliograph.wire.WireNames.TYPE;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.EventLog;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/** Checks drafts against the catalogue, adds missing ids and times, and appends them to the log. */
@Singleton
public final class Publisher {
    private final Catalogue catalogue;
    private final EventLog log;
    private final Clock clock;
    private final Counter accepted;

    @Inject
    public Publisher(Catalogue catalogue, EventLog log, MeterRegistry metrics) {
        this(catalogue, log, Clock.systemUTC(), metrics);
    }

    Publisher(Catalogue catalogue, EventLog log, Clock clock, MeterRegistry metrics) {
        this.catalogue = catalogue;
        this.log = log;
        this.clock = clock;
        this.accepted = Counter.builder("heliograph_publish_events")
                .description("Events accepted")
                .register(metrics);
    }

    /**
     * Appends an event.
     *
     * @return fails with {@code unknown-namespace}, {@code unknown-type}, {@code event-too-large}, or like {@link
     *     EventLog#append}
     */
    public Uni<Accepted> publish(Draft draft) {
        return Uni.createFrom().deferred(() -> {
            return log.append(toEvent(draft), keyOf(draft)).invoke(this::count);
        });
    }

    private void count(Accepted answer) {
        if (!answer.repeated()) {
            accepted.increment();
        }
    }

    private Event toEvent(Draft draft) {
        Namespace namespace = catalogue.namespaceOf(draft.channel());
        catalogue.requireType(TYPE, namespace, draft.type());
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
                    DATA,
                    bytes,
                    "at most " + namespace.maxEventBytes() + " bytes in namespace " + namespace.name());
        }
    }

    /**
     * An event from a client, well-formed but not yet checked against the catalogue.
     *
     * @param type as the client wrote it, possibly an illegal one
     * @param data one JSON object in UTF-8, without line breaks
     * @param id from the client; null: the gateway makes one
     * @param time from the client; null: now
     * @param idempotencyKey identifies a repeat; null: the client's id does, if there is one
     */
    public record Draft(Channel channel, String type, byte[] data, String id, Instant time, String idempotencyKey) {
        public Draft {
            Objects.requireNonNull(channel, "channel");
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(data, "data");
        }

        /** The same draft under another key. */
        public Draft withIdempotencyKey(String key) {
            return new Draft(channel, type, data, id, time, key);
        }
    }
}
