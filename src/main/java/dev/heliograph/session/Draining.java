package dev.heliograph.session;

/** The event that this node begins to send its clients to other nodes. Sent once, on any thread. */
public record Draining() {}
