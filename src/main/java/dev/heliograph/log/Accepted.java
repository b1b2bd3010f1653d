package dev.heliograph.log;

/**
 * The log's answer to an append.
 *
 * @param id of the event that is in the log; of the first one if this was a repeat
 * @param position in the event's own channel
 * @param repeated true if the idempotency key was seen before, so that nothing was appended
 */
public record Accepted(String id, Position position, boolean repeated) {}
