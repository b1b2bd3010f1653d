package dev.heliograph.cache;

import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive entries that were announced while a channel was read: the read may have come before or after each. Immutable.
 *
 * @param entries the newest, in order
 * @param isClosed whether no more are taken: the read has ended, or others must not share it because it may be too old
 */
record Announced(List<Entry> entries, boolean isClosed) {
    static final Announced NOTHING = new Announced(List.of(), false);

    /** More than come between the moment at which the log is read and its answer; the read has the older ones. */
    private static final int MAX_ENTRIES = 64;

    /** With one more entry. A repeat changes nothing. Entries before a hole are forgotten: the read has them, or cannot be joined. */
    Announced and(Entry entry) {
        if (isClosed || isRepeated(entry.position())) {
            return this;
        }
        boolean isNext = entries.isEmpty() || last().at(last().offset() + 1).equals(entry.position());
        int from = !isNext ? entries.size() : Math.max(0, entries.size() + 1 - MAX_ENTRIES);
        var more = new ArrayList<>(entries.subList(from, entries.size()));
        more.add(entry);
        return new Announced(more, false);
    }

    Announced closed() {
        return new Announced(entries, true);
    }

    /** @return null if the two cannot be joined, and the value is to be forgotten */
    <V extends Followed.Value<V>> V joinedTo(V read) {
        V joined = read;
        for (Entry entry : entries) {
            joined = joined == null ? null : joined.after(entry);
        }
        return joined;
    }

    private boolean isRepeated(Position position) {
        return !entries.isEmpty() && last().epoch().equals(position.epoch()) && position.offset() <= last().offset();
    }

    private Position last() {
        return entries.get(entries.size() - 1).position();
    }
}
