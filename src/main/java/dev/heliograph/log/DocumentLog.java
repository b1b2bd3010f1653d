package dev.heliograph.log;

import dev.heliograph.event.Channel;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * The documents beside the history. A document changes only together with the append of the event that tells of it, in one
 * atomic step, and its version is that event's position: neither can be there without the other. Documents outlive the
 * history; they are kept until they are deleted or, where the namespace has a {@code documentTtl}, for that long after
 * their last change. Any thread may call; answers may come on any thread, and fail as those of {@link EventLog} do.
 */
public interface DocumentLog {
    /** How large a document may be, and with it the event of its change, in bytes of UTF-8. */
    int MAX_DOCUMENT_BYTES = 256 * 1024;

    /** Reads the document and the newest position of its channel in one atomic step. */
    Uni<Snapshot> snapshot(Channel channel);

    /** The result of the change that was made under this key within {@link EventLog#REPEAT_WINDOW}; empty if none was. */
    Uni<Optional<Accepted>> earlier(Channel channel, String idempotencyKey);

    /**
     * Appends the event of a change and makes the change, or neither.
     *
     * @param expected what must be there before
     * @param idempotencyKey a second change of the same channel with the same key within {@link EventLog#REPEAT_WINDOW}
     *     answers as the first did and does nothing else, whatever is there; null: no such check
     * @return empty, and nothing is done, if something else than expected is there; fails with {@code document-store-full}
     *     if there is no room for it
     */
    Uni<Optional<Accepted>> change(DocumentChange change, Expected expected, String idempotencyKey);
}
