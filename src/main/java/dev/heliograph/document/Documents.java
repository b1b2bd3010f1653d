package dev.heliograph.document;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.IdempotencyKey;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Changes documents. Writers of one document on this node take turns; only writers of other nodes change it meanwhile. Any
 * thread may call.
 *
 * <pre>
 *        the turn begins
 *               |
 *               v
 *     change the cached document and write it ------------------> done
 *               | impossible, or another version is there
 *               v
 *   +-> read the document, and the writer's base if it merges
 *   |           v
 *   |   decide: refuse it, change it, or merge it
 *   |           v
 *   |   write it, if the version that was read is still there --> done
 *   |           | another version is there, at most 64 times
 *   +-----------+
 * </pre>
 */
@Singleton
public final class Documents {
    /** Enough against the writers of other nodes, each of which lets one write at a time. */
    static final int MAX_ATTEMPTS = 64;

    private static final Uni<Optional<Written>> NOT_WRITTEN = Uni.createFrom().item(Optional.empty());

    private final DocumentLog log;
    private final CachedDocuments cached;
    private final Versions versions;
    private final Clock clock;
    private final Duration writeTimeout;
    private final Turns turns;

    @Inject
    Documents(DocumentLog log, CachedDocuments cached, Versions versions, DocumentConfig config) {
        this(log, cached, versions, config, Clock.systemUTC());
    }

    Documents(DocumentLog log, CachedDocuments cached, Versions versions, DocumentConfig config, Clock clock) {
        this.log = log;
        this.cached = cached;
        this.versions = versions;
        this.clock = clock;
        this.writeTimeout = config.writeTimeout();
        this.turns = new Turns(config.turnTimeout());
    }

    /**
     * Makes a change.
     *
     * @return fails with {@code no-document}, {@code precondition-required}, {@code precondition-failed},
     *     {@code document-busy}, {@code idempotency-key-reused}, {@code log-timeout} if all of it takes too long, as the edit
     *     does, or as {@link DocumentLog#change}
     */
    public Uni<Written> write(Write write, Edit edit) {
        return turns.take(write.channel(), () -> write(new Request(write, edit, base(write))))
                .ifNoItem()
                .after(writeTimeout)
                .failWith(LogTimeout::ofLog);
    }

    private Uni<Written> write(Request request) {
        Uni<Optional<Written>> fromLog = Uni.createFrom().deferred(() -> tryFromLog(request));
        return Multi.createBy()
                .concatenating()
                .streams(tryFromCache(request).toMulti(), fromLog.repeat().atMost(MAX_ATTEMPTS))
                .select()
                .where(Optional::isPresent)
                .toUni()
                .onItem()
                .ifNull()
                .failWith(() -> Turns.busy("others changed the document " + MAX_ATTEMPTS + " times in between"))
                .map(Optional::get);
    }

    /**
     * Changes the cached document. The log takes the change only if that version is still there, and looks for the key
     * itself. Empty if the log must be read: nothing is refused because of a cached document, which may be out of date.
     */
    private Uni<Optional<Written>> tryFromCache(Request request) {
        // docs/decisions.md: A writer begins with the cached document
        Document known = cached.current(request.write.channel())
                .flatMap(CachedDocument::document)
                .orElse(null);
        if (known == null || !request.write.condition().allows(known)) {
            return NOT_WRITTEN;
        }
        Decision decision;
        try {
            decision = Decision.of(known, request.edit.applyTo(known), false);
        } catch (ProblemException unfit) {
            return NOT_WRITTEN;
        }
        return write(request, decision);
    }

    /** Reads, decides and writes; empty if another version is there by then. */
    private Uni<Optional<Written>> tryFromLog(Request request) {
        // The key is looked up after the document: a writer that finds its own change there also finds its key.
        return read(request).chain(snapshot -> earlier(request.write)
                .chain(earlier -> earlier.isPresent()
                        ? repeat(request, earlier.get())
                        : Decision.make(
                                        request.write,
                                        request.edit,
                                        request.base,
                                        snapshot.document().orElse(null))
                                .chain(decision -> write(request, decision))));
    }

    /** A merge mostly needs the base, so that is looked up in the same round trip. */
    private Uni<Snapshot> read(Request request) {
        Uni<Snapshot> snapshot = log.snapshot(request.write.channel());
        return request.write.merges()
                ? Uni.combine().all().unis(snapshot, request.base).with((present, known) -> present)
                : snapshot;
    }

    private Uni<Optional<Accepted>> earlier(Write write) {
        return write.idempotencyKey() == null
                ? Uni.createFrom().item(Optional.empty())
                : log.earlier(write.channel(), write.idempotencyKey());
    }

    /** The version that the writer began with; looked up once, however many attempts it takes. */
    private Uni<Base> base(Write write) {
        Uni<Base> base = write.condition().kind() == Condition.Kind.TAG
                ? versions.find(write.channel(), write.condition().tag())
                : Uni.createFrom().item(Base.withoutTag(write.condition()));
        return base.memoize().indefinitely();
    }

    private Uni<Optional<Written>> write(Request request, Decision decision) {
        Write write = request.write;
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var change = new DocumentChange(Event.newId(), write.channel(), write.type(), now, decision.json());
        boolean isNew = decision.present() == null;
        Expected expected =
                isNew ? Expected.NOTHING : Expected.version(decision.present().version());
        long doubts = cached.doubts();
        return log.change(change, expected, write.idempotencyKey()).chain(accepted -> {
            if (accepted.isEmpty()) {
                return NOT_WRITTEN;
            }
            // A repeat may also be the log's own second try, after the answer to its first was lost.
            if (!accepted.get().id().equals(change.id())) {
                return repeat(request, accepted.get());
            }
            Position version = accepted.get().position();
            cached.written(write.channel(), Optional.ofNullable(change.documentAt(version)), version, doubts);
            return written(new Written(version, decision.json(), change.time(), isNew, decision.isMerged(), false));
        });
    }

    /** The answer to the first request with the same key, as far as it is still known. */
    private Uni<Optional<Written>> repeat(Request request, Accepted first) {
        Write write = request.write;
        cached.outdate(write.channel());
        boolean created = write.condition().isCreation() && !request.edit.needsDocument();
        return versions.find(write.channel(), first.position()).chain(then -> {
            boolean isSame = write.merges() ? then.document() != null : request.edit.mayLeave(then.document());
            if (then.isKnown() && !isSame) {
                throw keyReused();
            }
            byte[] json = then.document() == null ? null : DocumentJson.write(then.document());
            return written(new Written(first.position(), json, null, created, false, true));
        });
    }

    private static Uni<Optional<Written>> written(Written written) {
        return Uni.createFrom().item(Optional.of(written));
    }

    /** {@code no-document}. */
    public static ProblemException noDocument(Channel channel) {
        return ProblemException.of(ProblemType.NO_DOCUMENT, "there is no document under channel " + channel);
    }

    private static ProblemException keyReused() {
        return new ProblemException(new Problem(
                ProblemType.IDEMPOTENCY_KEY_REUSED,
                "the document was changed under this key by a request that wanted something else",
                IdempotencyKey.HEADER,
                null));
    }

    private record Request(Write write, Edit edit, Uni<Base> base) {}

    /**
     * A request to change a document, without what it shall become.
     *
     * @param type of the event that will tell of it, one of the namespace's
     * @param merges whether changes that others made since may be merged with it, if nothing conflicts
     * @param idempotencyKey tells a repeat; null if there is none
     */
    public record Write(Channel channel, String type, Condition condition, boolean merges, String idempotencyKey) {}

    /**
     * What became of a request to change a document.
     *
     * @param version the position of the event that tells of it
     * @param json what the document became; null if it was deleted, or, for a repeat, if the version of then is not held any more
     * @param modified when; null if that is not known any more
     * @param created whether there was none before
     * @param merged whether changes of others were merged with it
     * @param repeated whether this is the result of an earlier request with the same idempotency key
     */
    public record Written(
            Position version, byte[] json, Instant modified, boolean created, boolean merged, boolean repeated) {}
}
