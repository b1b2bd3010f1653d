package dev.heliograph.http.route;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Netty channel behind a request of Vert.x, and its pipeline. The only class that knows how Vert.x builds these, beyond its
 * public interfaces.
 */
public final class Sockets {
    /** The names that Vert.x gives to its own handlers in the pipeline of an HTTP server. */
    private static final String VERTX_HANDLER = "handler";

    private static final String HTTP_DECODER = "httpDecoder";

    private Sockets() {}

    /** The socket of a request; over HTTP/2, many requests share it. */
    public static Channel of(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel();
    }

    /** The subprotocols that the client of a WebSocket offers, in its order (RFC 6455, section 11.3.4). */
    public static List<String> subprotocols(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(header -> Stream.of(header.split(",")))
                .map(String::strip)
                .toList();
    }

    /**
     * Adds a handler that sees inbound messages before Vert.x, and outbound messages after Vert.x. On the socket's event
     * loop.
     *
     * @param name null: any
     */
    public static void addBeforeVertx(Channel socket, String name, ChannelHandler handler) {
        socket.pipeline().addBefore(VERTX_HANDLER, name, handler);
    }

    /**
     * Ends the reading of HTTP/1.x: this handler gets the bytes. It has the name by which Vert.x later removes its own
     * decoder.
     */
    public static void replaceDecoder(Channel socket, ChannelHandler handler) {
        socket.pipeline().replace(HttpRequestDecoder.class, HTTP_DECODER, handler);
    }
}
