package dev.heliograph.log.memory;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * All channels' documents within a bound in bytes. No document is forgotten to make room, because it is the only copy. A
 * document that does not fit is refused. Guarded by the lock of {@link MemoryEventLog}.
 */
final class DocumentStore {
    /** The memory of a document beside its text: the records, the name and epoch, and its place in the map; rounded up. */
    static final int OVERHEAD_BYTES = 640;

    private static final Duration LEAST_BETWEEN_SWEEPS = Duration.ofSeconds(1);

    private final Map<Channel, Document> documents = new HashMap<>();
    private final Catalogue catalogue;
    private final long maxBytes;
    private final Clock clock;
    private long bytes;
    private Instant sweptAt = Instant.MIN;

    DocumentStore(Catalogue catalogue, long maxBytes, Clock clock) {
        this.catalogue = catalogue;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /** The channel's document; null if there is none. */
    Document find(Channel channel) {
        Document document = documents.get(channel);
        if (document != null && isOver(channel, document)) {
            remove(channel);
            return null;
        }
        return document;
    }

    /** @throws ProblemException {@code document-store-full} if the change needs more room than there is */
    void requireRoomFor(DocumentChange change) {
        Document present = documents.get(change.channel());
        long more = costOf(change.json()) - (present == null ? 0 : costOf(present.json()));
        if (more > 0 && bytes + more > maxBytes) {
            sweep();
        }
        if (more > 0 && bytes + more > maxBytes) {
            throw ProblemException.of(
                    ProblemType.DOCUMENT_STORE_FULL,
                    "the documents of this node take " + bytes + " bytes of at most " + maxBytes
                            + ", and this one needs " + more
                            + " more; delete some, or raise heliograph.memory.max-bytes");
        }
    }

    void put(DocumentChange change, Position version) {
        remove(change.channel());
        Document document = change.documentAt(version);
        if (document != null) {
            documents.put(change.channel(), document);
            bytes += costOf(document.json());
        }
    }

    /** The estimated memory of all documents. */
    long bytes() {
        return bytes;
    }

    private void remove(Channel channel) {
        Document removed = documents.remove(channel);
        if (removed != null) {
            bytes -= costOf(removed.json());
        }
    }

    /** Removes expired documents. Runs rarely, because it looks at all documents while others wait for the lock. */
    private void sweep() {
        Instant now = clock.instant();
        if (now.isBefore(sweptAt.plus(LEAST_BETWEEN_SWEEPS))) {
            return;
        }
        sweptAt = now;
        documents.entrySet().removeIf(each -> {
            boolean isOver = isOver(each.getKey(), each.getValue());
            if (isOver) {
                bytes -= costOf(each.getValue().json());
            }
            return isOver;
        });
    }

    private boolean isOver(Channel channel, Document document) {
        return !catalogue.namespaceOf(channel).keepsDocument(document.modified(), clock.instant());
    }

    private static long costOf(byte[] json) {
        return json == null ? 0 : json.length + OVERHEAD_BYTES;
    }
}
