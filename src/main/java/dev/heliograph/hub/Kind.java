package dev.heliograph.hub;

/** A kind of entry that a client asks for. */
public enum Kind {
    /** Events, of all types or of some. */
    EVENTS,
    /** Changes of the channel's document, whatever their types. */
    DOCUMENTS
}
