package dev.heliograph.log;

import java.util.List;
import java.util.Optional;

/**
 * A page of a channel's log, read in one atomic step together with its newest position.
 *
 * @param start the position before the first entry of the page: the requested position, or the end of the gap
 * @param gap the entries that could not be read; empty if {@code start} is the requested position
 * @param entries in order, without holes, the first at {@code start.offset() + 1}
 * @param top the newest position when the page was read
 */
public record History(Position start, Optional<Gap> gap, List<Entry> entries, Position top) {
    public History {
        entries = List.copyOf(entries);
    }

    /**
     * The position after which an engine has to read, by the entries that it holds.
     *
     * @param after the reader's last position; null: it starts at the end
     * @param firstOffset of the oldest entry held; {@code top.offset() + 1} if none is
     */
    public static Position startOf(Position after, Position top, long firstOffset) {
        if (after == null || (after.epoch().equals(top.epoch()) && after.offset() > top.offset())) {
            return top;
        }
        long offset = after.epoch().equals(top.epoch()) ? Math.max(after.offset(), firstOffset - 1) : firstOffset - 1;
        return top.at(offset);
    }

    /** The page that starts at {@link #startOf}, with the gap that lies before it, if any. */
    public static History of(Position after, Position top, long firstOffset, List<Entry> entries) {
        boolean isOfThisLife = after != null && after.epoch().equals(top.epoch());
        return of(after, isOfThisLife ? after : null, top, firstOffset, entries);
    }

    /**
     * As {@link #of(Position, Position, long, List)}, for a log that may continue under another epoch.
     *
     * @param resumed the reader's last position, as one of this log's present epoch; null: it is not part of this log
     */
    public static History of(Position after, Position resumed, Position top, long firstOffset, List<Entry> entries) {
        Position start = startOf(resumed == null ? after : resumed, top, firstOffset);
        boolean isWhole =
                after == null || (resumed != null && resumed.equals(start) && resumed.offset() == after.offset());
        Optional<Gap> gap =
                isWhole ? Optional.empty() : Optional.of(new Gap(after, start, reason(after, resumed, start)));
        return new History(start, gap, entries, top);
    }

    /** The position of the last entry of the page, or its start if it is empty. */
    public Position end() {
        return entries.isEmpty() ? start : entries.get(entries.size() - 1).position();
    }

    /** Whether nothing newer was held when the page was read. */
    public boolean reachesTop() {
        return end().offset() >= top.offset();
    }

    private static Gap.Reason reason(Position after, Position resumed, Position start) {
        if (resumed == null) {
            return Gap.Reason.EPOCH_CHANGED;
        }
        boolean isLost = after.offset() > resumed.offset() || after.offset() > start.offset();
        return isLost ? Gap.Reason.AHEAD : Gap.Reason.TRIMMED;
    }
}
