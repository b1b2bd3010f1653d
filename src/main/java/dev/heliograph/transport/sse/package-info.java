/**
 * Server-sent events (HTML standard, section 9.2), described in {@code docs/protocol.md}. Row 6.
 *
 * <p>The head of the answer, heartbeats and the end go through Vert.x; on HTTP/1 everything the hub pushes goes past it,
 * straight into the Netty channel, as finished chunks that all clients share.
 */
package dev.heliograph.transport.sse;
