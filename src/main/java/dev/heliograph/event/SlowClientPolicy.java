package dev.heliograph.event;

/** What happens to a subscription whose client reads more slowly than events come in. */
public enum SlowClientPolicy {
    /** Pushes pause; once the client has read, it is caught up from the log, or told of a gap. */
    REPLAY,
    /** As {@link #REPLAY}, but of the events it missed only the newest of each key is sent. */
    CONFLATE,
    /** The connection is closed with a reason that asks to reconnect later with the cursor. */
    DISCONNECT
}
