package dev.heliograph.log;

import dev.heliograph.event.Channel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * A channel's document and how far its log had come, read in one atomic step: every event after {@code top} came after the
 * document.
 *
 * @param document empty if there is none
 * @param top the newest position when the document was read
 */
public record Snapshot(Optional<Document> document, Position top) {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    public Snapshot {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(top, "top");
    }

    /**
     * The JSON members in which every wire tells it, without braces: {@code channel}, {@code cursor}, {@code version} if
     * there is a document, and {@code document}, which is spliced in and never parsed.
     */
    public byte[] members(Channel channel) {
        String version = document.map(it -> ",\"version\":\"" + it.version().cursor() + '"')
                .orElse("");
        var members = new ByteArrayOutputStream();
        members.writeBytes(
                ("\"channel\":\"" + channel + "\",\"cursor\":\"" + top.cursor() + '"' + version + ",\"document\":")
                        .getBytes(StandardCharsets.US_ASCII));
        members.writeBytes(document.map(Document::json).orElse(NULL));
        return members.toByteArray();
    }
}
