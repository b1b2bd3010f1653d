package dev.heliograph.transport.ws;

import dev.heliograph.http.route.Route;
import dev.heliograph.http.route.Sockets;
import dev.heliograph.hub.SocketOutlet;
import dev.heliograph.publish.Publisher;
import dev.heliograph.session.Sessions;
import dev.heliograph.wire.CloseReason;
import dev.heliograph.wire.Closing;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
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
import io.quarkus.websockets.next.runtime.config.WebSocketsServerRuntimeConfig;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.buffer.Buffer;

/** Where a connection's life cycle and inbound messages come in; all on the connection's event loop. */
@WebSocket(path = Route.Path.WS, inboundProcessingMode = InboundProcessingMode.CONCURRENT)
final class WsEndpoint {
    private static final TypedKey<WsPeer> PEER = new TypedKey<>("heliograph.peer");

    private final Sessions sessions;
    private final WsFormat format;
    private final WsRequestReader reader;
    private final Publisher publisher;
    private final WsPeers peers;
    private final int maxMessageBytes;

    WsEndpoint(
            Sessions sessions,
            WsFormat format,
            WsRequestReader reader,
            Publisher publisher,
            WsPeers peers,
            WebSocketsServerRuntimeConfig config) {
        this.sessions = sessions;
        this.format = format;
        this.reader = reader;
        this.publisher = publisher;
        this.peers = peers;
        this.maxMessageBytes = config.maxMessageSize().orElseThrow();
    }

    @OnOpen
    @NonBlocking
    void onOpen(WebSocketConnection connection) {
        WsOpening opening = connection.userData().get(WsUpgrade.OPENING);
        Channel socket = opening.socket();
        var outlet = new SocketOutlet(socket, format);
        var session = sessions.open(outlet, reason -> close(connection, outlet, reason));
        var peer = new WsPeer(session, outlet, reader, publisher);
        Sockets.addBeforeVertx(socket, "heliograph", new WsGuard(outlet, peer, maxMessageBytes));
        // Vert.x is deaf after a message whose first frame is empty, so it gets whole messages only.
        Sockets.addBeforeVertx(socket, null, new WebSocketFrameAggregator(maxMessageBytes));
        connection.userData().put(PEER, peer);
        peers.add(peer);
        opening.end();
    }

    @OnTextMessage
    @NonBlocking
    void onText(String text, WebSocketConnection connection) {
        connection.userData().get(PEER).onText(text);
    }

    @OnBinaryMessage
    @NonBlocking
    void onBinary(Buffer ignored, WebSocketConnection connection) {
        connection.userData().get(PEER).onBinary();
    }

    @OnPongMessage
    @NonBlocking
    void onPong(Buffer ignored, WebSocketConnection connection) {
        connection.userData().get(PEER).heard();
    }

    @OnClose
    @NonBlocking
    void onClose(WebSocketConnection connection) {
        WsPeer peer = connection.userData().get(PEER);
        if (peer != null) {
            peers.remove(peer);
            peer.session().end();
        }
    }

    @OnError
    @NonBlocking
    void onError(Throwable failure, WebSocketConnection connection) {
        Log.debugf(failure, "A WebSocket connection failed [%s]", connection.id());
    }

    private static void close(WebSocketConnection connection, SocketOutlet outlet, CloseReason reason) {
        if (connection.isClosed()) {
            // The client has just gone by itself; Quarkus would warn of it.
            return;
        }
        outlet.send(WsAnswers.closing(Closing.of(reason)));
        connection
                .close(new io.quarkus.websockets.next.CloseReason(reason.code(), reason.text()))
                .subscribe()
                .with(done -> {}, failure -> Log.debugf(failure, "Cannot close a WebSocket [%s]", connection.id()));
    }
}
