package dev.heliograph.transport.socket;

import dev.heliograph.access.Connections;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import dev.heliograph.http.route.Sockets;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AttributeKey;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Base64;
import java.util.List;

/**
 * Reads the client's opening handshake (RFC 6455, section 4.2.1) before Quarkus and Vert.x do: these look at less of it, and
 * refuse without a problem. What passes here is refused by nothing that comes after.
 */
@Singleton
final class SocketHandshake {
    /** That of a connection, which from here on has no other request. */
    static final AttributeKey<Connections.Place> PLACE = AttributeKey.valueOf("heliograph.place");

    /** Before the route of the endpoint (0), after all filters, which have negative ones as well. */
    private static final int ORDER = -1;

    /** As quarkus.websockets-next.server.supported-subprotocols says. */
    private static final String PROTOCOL = "heliograph";

    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;
    private static final String PROXY_HINT = ": this address speaks only WebSocket (RFC 6455)."
            + " If the client did ask for it, a proxy on the way drops Upgrade and Connection; let it pass them on";

    private final SocketPeers peers;
    private final Connections connections;

    SocketHandshake(SocketPeers peers, Connections connections) {
        this.peers = peers;
        this.connections = connections;
    }

    void register(@Observes Router router) {
        router.get(Route.Path.WS).order(ORDER).handler(this::check);
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.version() == HttpVersion.HTTP_2) {
            // Upgrade is no header of HTTP/2 (RFC 9113, section 8.2.2), so 426, which demands it, cannot be said.
            throw ProblemException.inField(
                    ProblemType.INVALID_REQUEST,
                    "version",
                    "HTTP/2",
                    "HTTP/1.1: a WebSocket over HTTP/2 (RFC 8441) is not offered");
        }
        requireUpgrade(context);
        requireKey(request.headers());
        requireNoBody(request.headers());
        peers.requireOpen();
        // Vert.x compares the values as a whole, and the first of several headers.
        request.headers()
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        chooseProtocol(request);
        Channel socket = Sockets.of(request);
        Connections.Place place = connections.enter(Exchange.caller(context), Connections.Transport.WEBSOCKET);
        socket.closeFuture().addListener(closed -> place.leave());
        socket.attr(PLACE).set(place);
        context.next();
    }

    /** The front door has read the others, which may be a token: nothing else is to see, choose or log them. */
    private static void chooseProtocol(HttpServerRequest request) {
        boolean isOffered = Sockets.subprotocols(request).contains(PROTOCOL);
        request.headers().remove(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        if (isOffered) {
            request.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, PROTOCOL);
        }
    }

    private static void requireUpgrade(RoutingContext context) {
        HttpServerRequest request = context.request();
        MultiMap headers = request.headers();
        if (request.version() != HttpVersion.HTTP_1_1) {
            throw upgradeRequired(context, "version", "HTTP/1.0", "HTTP/1.1 or later");
        }
        if (!lists(headers, HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)) {
            throw upgradeRequired(
                    context, "Upgrade", headers.get(HttpHeaderNames.UPGRADE), HttpHeaderValues.WEBSOCKET + PROXY_HINT);
        }
        if (!lists(headers, HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)) {
            throw upgradeRequired(
                    context,
                    "Connection",
                    headers.get(HttpHeaderNames.CONNECTION),
                    HttpHeaderValues.UPGRADE + PROXY_HINT);
        }
        List<String> versions = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
        if (!versions.equals(List.of(VERSION))) {
            throw upgradeRequired(context, "Sec-WebSocket-Version", joined(versions), VERSION);
        }
    }

    private static void requireKey(MultiMap headers) {
        List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (keys.size() != 1 || !isKey(keys.get(0))) {
            throw ProblemException.inField(
                    ProblemType.INVALID_REQUEST,
                    "Sec-WebSocket-Key",
                    joined(keys),
                    KEY_BYTES + " random bytes in base64, once");
        }
    }

    private static boolean isKey(String key) {
        try {
            byte[] bytes = Base64.getDecoder().decode(key);
            return bytes.length == KEY_BYTES
                    && Base64.getEncoder().encodeToString(bytes).length() == key.length();
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }

    /** Its bytes and the first frames could not be told apart: from here on nothing is read as HTTP. */
    private static void requireNoBody(MultiMap headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING) || (length != null && !length.equals("0"))) {
            throw ProblemException.of(ProblemType.INVALID_REQUEST, "a handshake has a body, expected none");
        }
    }

    /** Whether a list of tokens (RFC 9110, section 5.6.1), whatever its case, has this one. */
    private static boolean lists(MultiMap headers, CharSequence name, CharSequence token) {
        for (String value : headers.getAll(name)) {
            for (String listed : value.split(",")) {
                if (token.toString().equalsIgnoreCase(listed.trim())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String joined(List<String> values) {
        return values.isEmpty() ? null : String.join(" and ", values);
    }

    /** With what a client that speaks another version, or plain HTTP, needs to know (RFC 9110, section 15.5.22). */
    private static ProblemException upgradeRequired(
            RoutingContext context, String field, String value, String expected) {
        context.response()
                .putHeader(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .putHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
        return ProblemException.inField(ProblemType.UPGRADE_REQUIRED, field, value, expected);
    }
}
