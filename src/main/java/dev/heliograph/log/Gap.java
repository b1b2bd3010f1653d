package dev.heliograph.log;

import java.util.Locale;

/**
 * Entries that a reader asked for and cannot get.
 *
 * @param from the last position that the reader had
 * @param to the position before the first entry that the reader gets
 */
public record Gap(Position from, Position to, Reason reason) {
    public enum Reason {
        /** The history is bounded and no longer reaches back to {@code from}. */
        TRIMMED,
        /** The log began a new life: {@code from} belongs to one that is gone. */
        EPOCH_CHANGED,
        /**
         * {@code from} is after the log's last entry of that epoch: the newest entries were lost, or the cursor was never
         * ours.
         */
        AHEAD,
        /** Older events of the same key were left out on purpose, because the client reads slowly. */
        CONFLATED;

        /** The name on the wire, e.g. {@code epoch-changed}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
