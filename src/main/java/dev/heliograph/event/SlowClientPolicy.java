package dev.heliograph.event;

/** The treatment of a subscription whose client reads more slowly than events come in. */
public enum SlowClientPolicy {
    /** Pushes pause. When the client has read, it gets the missed events from the log, or a gap. */
    REPLAY,
    /** As {@link #REPLAY}, but the client gets only the newest missed event of each key. */
    CONFLATE,
    /** The connection is closed with a reason that asks to reconnect later with the cursor. */
    DISCONNECT
}
