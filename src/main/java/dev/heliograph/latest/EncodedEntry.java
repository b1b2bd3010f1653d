package dev.heliograph.latest;

import dev.heliograph.http.EntityTag;
import dev.heliograph.log.Entry;
import dev.heliograph.wire.WireJson;

/**
 * An entry as it is answered.
 *
 * @param json {@link WireJson#entry}; shared, never changed
 * @param tag the strong entity tag, with its quotes (RFC 9110, section 8.8.3)
 */
record EncodedEntry(Entry entry, byte[] json, String tag) {
    /** Entry, position, cursor, tag and this, and their place in a map; rounded up. */
    private static final int OVERHEAD_BYTES = 320;

    static EncodedEntry of(Entry entry) {
        return new EncodedEntry(
                entry, WireJson.entry(entry), EntityTag.of(entry.position().cursor()));
    }

    /** About how much memory this takes. */
    int bytes() {
        return OVERHEAD_BYTES + entry.payload().length + json.length;
    }
}
