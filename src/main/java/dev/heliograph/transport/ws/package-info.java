/** Heliograph's own protocol over WebSocket, described in {@code docs/protocol.md}: requests, answers, pushes. Row 6. */
package dev.heliograph.transport.ws;
