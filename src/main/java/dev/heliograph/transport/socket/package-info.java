/**
 * What protocols over WebSocket (RFC 6455) share: the handshake, finished frames, the guard before Vert.x, pings and the end
 * of a connection. {@code transport.ws} is one of them. Row 6.
 *
 * <p>Life cycle and inbound messages are those of Quarkus WebSockets Next, which gets whole messages from behind
 * {@link dev.heliograph.transport.socket.SocketGuard}; everything outbound but the closing frame goes through the
 * connection's {@link dev.heliograph.hub.Outlet}, so that answers and pushes keep one order.
 */
package dev.heliograph.transport.socket;
