package dev.heliograph.document;

import dev.heliograph.log.Position;
import java.time.Instant;

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
