package dev.heliograph.transport.ws;

import dev.heliograph.access.Identities;
import dev.heliograph.access.PublishLimits;
import dev.heliograph.http.route.Route;
import dev.heliograph.publish.Publisher;
import dev.heliograph.transport.socket.SocketPeer;
import dev.heliograph.transport.socket.SocketPeers;
import io.quarkus.logging.Log;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.OnBinaryMessage;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnPongMessage;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.buffer.Buffer;

/** Where a connection's life cycle and inbound messages come in; all on the connection's event loop. */
@WebSocket(path = Route.Path.WS, inboundProcessingMode = InboundProcessingMode.CONCURRENT)
final class WsEndpoint {
    private static final TypedKey<WsPeer> PEER = new TypedKey<>("heliograph.peer");

    private final SocketPeers sockets;
    private final WsFormat format;
    private final WsRequestReader reader;
    private final Publisher publisher;
    private final Identities identities;
    private final PublishLimits limits;

    WsEndpoint(
            SocketPeers sockets,
            WsFormat format,
            WsRequestReader reader,
            Publisher publisher,
            Identities identities,
            PublishLimits limits) {
        this.limits = limits;
        this.sockets = sockets;
        this.format = format;
        this.reader = reader;
        this.publisher = publisher;
        this.identities = identities;
    }

    @OnOpen
    @NonBlocking
    void onOpen(WebSocketConnection connection) {
        SocketPeer socket = sockets.open(connection, format);
        connection.userData().put(PEER, new WsPeer(socket, reader, publisher, identities, limits));
        socket.begin();
    }

    @OnTextMessage
    @NonBlocking
    void onText(String text, WebSocketConnection connection) {
        connection.userData().get(PEER).onText(text);
    }

    @OnBinaryMessage
    @NonBlocking
    void onBinary(Buffer message, WebSocketConnection connection) {
        connection.userData().get(PEER).onBinary(message.length());
    }

    @OnPongMessage
    @NonBlocking
    void onPong(Buffer ignored, WebSocketConnection connection) {
        connection.userData().get(PEER).socket().heard();
    }

    @OnClose
    @NonBlocking
    void onClose(WebSocketConnection connection) {
        WsPeer peer = connection.userData().get(PEER);
        if (peer != null) {
            peer.socket().session().end();
        }
    }

    @OnError
    @NonBlocking
    void onError(Throwable failure, WebSocketConnection connection) {
        Log.debugf(failure, "A WebSocket connection failed [%s]", connection.id());
    }
}
