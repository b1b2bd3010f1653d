package dev.heliograph.publish;

import dev.heliograph.event.Channel;
import java.time.Instant;
import java.util.Objects;

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
