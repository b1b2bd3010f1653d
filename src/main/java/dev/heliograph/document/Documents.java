package dev.heliograph.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.Expected;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.log.Position;
import dev.heliograph.log.Snapshot;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Changes documents: takes what is there, works out what it becomes, and writes that if it is still what is there; if not,
 * it begins again. Writers of one document on this node take turns. Any thread may call.
 */
@Singleton
public final class Documents {
    /** A writer meets only those of other nodes, of which each lets one write at a time. */
    static final int MAX_ATTEMPTS = 64;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final DocumentLog log;
    private final NearDocuments near;
    private final Versions versions;
    private final Clock clock;
    private final Duration writeTimeout;
    private final Turns turns;

    @Inject
    Documents(DocumentLog log, NearDocuments near, Versions versions, DocumentConfig config) {
        this(log, near, versions, config, Clock.systemUTC());
    }

    Documents(DocumentLog log, NearDocuments near, Versions versions, DocumentConfig config, Clock clock) {
        this.log = log;
        this.near = near;
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
        return turns.take(
                        write.channel(),
                        () -> begin(write, edit, base(write).memoize().indefinitely()))
                .ifNoItem()
                .after(writeTimeout)
                .failWith(LogTimeout::ofLog);
    }

    /**
     * Changes what is kept near, if that can be done: the log takes the change only if it is what is there, and looks for
     * the key itself. Whatever speaks against the change, the log must be asked about.
     */
    private Uni<Written> begin(Write write, Edit edit, Uni<Base> base) {
        // docs/decisions.md: A writer begins with what is near
        Document known =
                near.current(write.channel()).flatMap(NearDocument::document).orElse(null);
        if (known != null && write.condition().allows(known)) {
            try {
                return change(write, edit, base, 0, known, edit.applyTo(known), false);
            } catch (ProblemException unfit) {
                // It may fit what is there by now.
            }
        }
        return attempt(write, edit, base, 1);
    }

    /** @param base looked up once, however many attempts it takes */
    private Uni<Written> attempt(Write write, Edit edit, Uni<Base> base, int number) {
        // The key is asked for after the document: whoever sees its own change there finds its key, too.
        return present(write, base).chain(snapshot -> earlier(write)
                .chain(earlier -> earlier.isPresent()
                        ? repeat(write, edit, earlier.get())
                        : decide(write, edit, base, snapshot, number)));
    }

    /** Who merges mostly needs the base, so that is looked up in the same round trip. */
    private Uni<Snapshot> present(Write write, Uni<Base> base) {
        Uni<Snapshot> snapshot = log.snapshot(write.channel());
        return write.merges() ? Uni.combine().all().unis(snapshot, base).with((present, known) -> present) : snapshot;
    }

    private Uni<Optional<Accepted>> earlier(Write write) {
        return write.idempotencyKey() == null
                ? Uni.createFrom().item(Optional.empty())
                : log.earlier(write.channel(), write.idempotencyKey());
    }

    private Uni<Written> decide(Write write, Edit edit, Uni<Base> lookup, Snapshot snapshot, int number) {
        Document present = snapshot.document().orElse(null);
        if (present == null && edit.needsDocument()) {
            throw noDocument(write.channel());
        }
        if (present != null && write.condition().kind() == Condition.Kind.NONE) {
            throw ProblemException.inField(
                    ProblemType.PRECONDITION_REQUIRED,
                    Condition.IF_MATCH,
                    null,
                    "the ETag of the version that is to be changed, since there is a document");
        }
        if (write.condition().allows(present)) {
            return change(write, edit, lookup, number, present, edit.applyTo(present), false);
        }
        ObjectNode theirs = present == null ? null : DocumentJson.object(present.json());
        return lookup.chain(base -> {
            Reconciliation found = reconcile(write, edit, base, present, theirs);
            if (!write.merges() || !found.isMergeable()) {
                throw found.problem(write.condition());
            }
            return change(write, edit, lookup, number, present, found.merge().document(), true);
        });
    }

    private static Reconciliation reconcile(Write write, Edit edit, Base base, Document present, ObjectNode theirs) {
        boolean isOnBase = base.isKnown() && (base.document() != null || !edit.needsDocument());
        try {
            return Reconciliation.of(base, present, theirs, edit.applyTo(isOnBase ? base.document() : theirs));
        } catch (ProblemException unfit) {
            if (write.merges() && isOnBase) {
                throw unfit;
            }
            // The condition comes before the content (RFC 9110, section 13.2.1).
            return Reconciliation.ofUnfit(base, present, theirs);
        }
    }

    /** What the writer began with. */
    private Uni<Base> base(Write write) {
        return write.condition().kind() == Condition.Kind.TAG
                ? versions.find(write.channel(), write.condition().tag())
                : Uni.createFrom().item(Base.withoutTag(write.condition()));
    }

    private Uni<Written> change(
            Write write, Edit edit, Uni<Base> base, int number, Document present, ObjectNode next, boolean isMerged) {
        byte[] json = next == null ? null : DocumentJson.write(next);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var change = new DocumentChange(Event.newId(), write.channel(), write.type(), now, json);
        Expected expected = present == null ? Expected.NOTHING : Expected.version(present.version());
        long doubts = near.doubts();
        return log.change(change, expected, write.idempotencyKey()).chain(accepted -> {
            if (accepted.isEmpty()) {
                return number == MAX_ATTEMPTS
                        ? Uni.createFrom().failure(busy())
                        : attempt(write, edit, base, number + 1);
            }
            // A repeat may also be the log's own second try, after the answer to its first was lost.
            if (!accepted.get().id().equals(change.id())) {
                return repeat(write, edit, accepted.get());
            }
            Position version = accepted.get().position();
            near.written(write.channel(), Optional.ofNullable(change.documentAt(version)), version, doubts);
            return Uni.createFrom().item(new Written(version, json, change.time(), present == null, isMerged, false));
        });
    }

    /** What the first request was answered, as far as it is still known. */
    private Uni<Written> repeat(Write write, Edit edit, Accepted first) {
        near.outdate(write.channel());
        boolean created = write.condition().isCreation() && !edit.needsDocument();
        return versions.find(write.channel(), first.position()).map(then -> {
            boolean isSame = write.merges() ? then.document() != null : edit.mayLeave(then.document());
            if (then.isKnown() && !isSame) {
                throw keyReused();
            }
            return new Written(
                    first.position(),
                    then.document() == null ? null : DocumentJson.write(then.document()),
                    null,
                    created,
                    false,
                    true);
        });
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

    private static ProblemException busy() {
        return new ProblemException(Problem.of(
                        ProblemType.DOCUMENT_BUSY, "others changed the document " + MAX_ATTEMPTS + " times in between")
                .retryAfter(RETRY_AFTER));
    }
}
