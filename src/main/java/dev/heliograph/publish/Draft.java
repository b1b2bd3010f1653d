package dev.heliograph.publish;

import dev.heliograph.event.Channel;
import java.time.Instant;
import java.util.Objects;

/**
 * An event as a client handed it in, well-formed but not yet checked against the catalogue.
 *
 * @param type as it was written, maybe not a legal one
 * @param data one JSON object in UTF-8, without line breaks
 * @param id given by the client; null: it gets one
 * @param time given by the client; null: now
 * @param idempotencyKey tells a repeat; null: the id that the client gave does, if it gave one
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
