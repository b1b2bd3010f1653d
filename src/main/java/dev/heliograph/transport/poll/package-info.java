/**
 * Long polling, described in {@code docs/protocol.md}. Row 6.
 *
 * <p>A poll is a subscription that ends with the first thing it is told: what waits is an answer that has not been sent, and
 * no thread, no timer of the log and no command to Redis.
 */
package dev.heliograph.transport.poll;
