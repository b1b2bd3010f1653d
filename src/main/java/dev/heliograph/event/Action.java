package dev.heliograph.event;

import java.util.Locale;

/** What can be done with a channel. */
public enum Action {
    /** Listen to what happens from now on, or from a cursor. */
    SUBSCRIBE,
    /** Append events. */
    PUBLISH,
    /** Read history, the latest event or the document. */
    READ,
    /** Change the document. */
    WRITE,
    /** Be seen as present, and see who else is. */
    PRESENCE;

    /** The name in tokens, in configuration and in problems, e.g. {@code subscribe}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
