package dev.heliograph.hub;

import java.util.List;

/** The next step of a subscription that has read the log up to its top; {@link Tail#join} decides it. */
sealed interface Join {
    /** It stands at the tail: it is live. */
    record Live() implements Join {}

    /** It stands before the tail: it is live once these entries, which lie between, are written. */
    record Replay(List<Delivery> missing) implements Join {}

    /**
     * It has read more than was announced: it waits for the tail.
     *
     * @param isOtherEpoch whether its position belongs to another epoch than the tail, so that the tail must be resynced
     */
    record Ahead(boolean isOtherEpoch) implements Join {}

    /** It stands before the tail, and the entries between are not held: it reads the log again. */
    record ReadOn() implements Join {}
}
