package dev.heliograph.log;

import java.time.Instant;
import java.util.Objects;

/**
 * A small JSON state that is kept under a channel's name.
 *
 * @param json one JSON object in UTF-8, without line breaks; neither copied nor changed later
 * @param version the position, in its channel, of the event of this state
 * @param modified the time of that event, by the writer's clock
 */
public record Document(byte[] json, Position version, Instant modified) {
    public Document {
        Objects.requireNonNull(json, "json");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(modified, "modified");
    }
}
