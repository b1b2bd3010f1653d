package dev.heliograph.access;

/** What a caller wants to do with a channel. */
public enum Action {
    /** Listen to what happens from now on, or from a cursor. */
    SUBSCRIBE,
    /** Append events. */
    PUBLISH,
    /** Read history, the latest event or the document. */
    READ,
    /** Change the document. */
    WRITE
}
