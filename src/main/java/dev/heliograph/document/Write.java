package dev.heliograph.document;

import dev.heliograph.event.Channel;

/**
 * A request to change a document, without what it shall become.
 *
 * @param type of the event that will tell of it, one of the namespace's
 * @param merges whether changes that others made since may be merged with it, if nothing conflicts
 * @param idempotencyKey tells a repeat; null if there is none
 */
public record Write(Channel channel, String type, Condition condition, boolean merges, String idempotencyKey) {}
