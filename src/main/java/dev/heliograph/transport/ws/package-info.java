/**
 * The WebSocket wire (RFC 6455), described in {@code docs/protocol.md}. Row 6.
 *
 * <p>Handshake (after {@code WsHandshake} has checked it), life cycle and inbound messages are those of Quarkus WebSockets
 * Next, which gets whole messages from behind {@code WsGuard}; everything outbound but the closing
 * frame goes through the connection's {@link dev.heliograph.hub.Outlet}, so that answers and pushes keep one order.
 */
package dev.heliograph.transport.ws;
