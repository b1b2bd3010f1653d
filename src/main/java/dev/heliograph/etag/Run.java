package dev.heliograph.etag;

import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.util.HashMap;
import java.util.Map;

/**
 * Consecutive entries of one channel, of which only the newest of each type is kept. Immutable.
 *
 * @param first offset of the first entry
 * @param last position of the last one
 * @param newest by type
 */
record Run(long first, Position last, Map<String, Entry> newest) {
    Run {
        newest = Map.copyOf(newest);
    }

    static Run of(Entry entry) {
        return new Run(entry.offset(), entry.position(), Map.of(entry.type(), entry));
    }

    /** The run with one more entry, itself if that is a repeat, or a new run if the entry does not follow. */
    Run then(Entry entry) {
        if (!entry.position().epoch().equals(last.epoch()) || entry.offset() > last.offset() + 1) {
            return of(entry);
        }
        if (entry.offset() <= last.offset()) {
            return this;
        }
        var more = new HashMap<>(newest);
        more.put(entry.type(), entry);
        return new Run(first, entry.position(), more);
    }
}
