package dev.heliograph.log;

import dev.heliograph.event.Channel;
import io.smallrye.mutiny.Uni;
import java.util.Objects;
import java.util.Optional;

/**
 * The documents beside the history. A document changes only together with the append of the event of the change, in one
 * atomic step. Its version is that event's position. Neither exists without the other. Documents outlive the history: they
 * are kept until they are deleted, or for the namespace's {@code documentTtl} after their last change. Any thread may call.
 * Answers may come on any thread, and fail like those of {@link EventLog}.
 */
public interface DocumentLog {
    /** The largest document, in bytes of UTF-8; it also bounds the event of a change. */
    int MAX_DOCUMENT_BYTES = 256 * 1024;

    /** Reads the document and the newest position of its channel in one atomic step. */
    Uni<Snapshot> snapshot(Channel channel);

    /** The result of the change that was made under this key within {@link EventLog#REPEAT_WINDOW}; empty if none was. */
    Uni<Optional<Accepted>> earlier(Channel channel, String idempotencyKey);

    /**
     * Appends the event of a change and makes the change, or neither.
     *
     * @param expected the document that must be there before
     * @param idempotencyKey a second change of the same channel with the same key within {@link EventLog#REPEAT_WINDOW}
     *     gets the answer of the first, and changes nothing; null: no such check
     * @return empty, and nothing is done, if the document is not the expected one; fails with {@code document-store-full}
     *     if there is no room for it
     */
    Uni<Optional<Accepted>> change(DocumentChange change, Expected expected, String idempotencyKey);

    /**
     * The document that a writer expects to replace.
     *
     * @param version the one version that may be replaced; null: there is no document
     */
    record Expected(Position version) {
        /** There is no document. */
        public static final Expected NOTHING = new Expected(null);

        public static Expected version(Position version) {
            return new Expected(Objects.requireNonNull(version, "version"));
        }

        /** @param present version of the document that is there; null if there is none */
        public boolean allows(Position present) {
            return Objects.equals(version, present);
        }
    }

    /**
     * A channel's document and its newest position, read in one atomic step: every event after {@code top} came after the
     * document.
     *
     * @param document empty if there is none
     * @param top the newest position when the document was read
     */
    record Snapshot(Optional<Document> document, Position top) {
        public Snapshot {
            Objects.requireNonNull(document, "document");
            Objects.requireNonNull(top, "top");
        }
    }
}
