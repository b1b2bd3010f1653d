package dev.heliograph.cache;

import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Consecutive announced entries of one channel, of which only the newest of each kind is kept. Immutable.
 *
 * @param first offset of the first entry
 * @param last position of the last one
 * @param newest by kind
 */
public record Announced(long first, Position last, Map<Object, Entry> newest) {
    public Announced {
        newest = Map.copyOf(newest);
    }

    public static Announced of(Entry entry, Function<Entry, ?> kind) {
        return new Announced(entry.offset(), entry.position(), Map.of(kind.apply(entry), entry));
    }

    /**
     * With one more entry, or itself if that is a repeat. What a hole parts from the entry is forgotten: a read has it, or the
     * two cannot be joined anyway.
     */
    Announced and(Entry entry, Function<Entry, ?> kind) {
        if (!entry.position().epoch().equals(last.epoch()) || entry.offset() > last.offset() + 1) {
            return of(entry, kind);
        }
        if (entry.offset() <= last.offset()) {
            return this;
        }
        var more = new HashMap<>(newest);
        more.put(kind.apply(entry), entry);
        return new Announced(first, entry.position(), more);
    }
}
