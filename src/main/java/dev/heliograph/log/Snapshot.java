package dev.heliograph.log;

import java.util.Objects;
import java.util.Optional;

/**
 * A channel's document and its newest position, read in one atomic step: every event after {@code top} came after the
 * document.
 *
 * @param document empty if there is none
 * @param top the newest position when the document was read
 */
public record Snapshot(Optional<Document> document, Position top) {
    public Snapshot {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(top, "top");
    }
}
