package dev.heliograph.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.Wire;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;

/** Listens over a WebSocket, and moves when it gets {@code closing}. */
final class SocketMember extends Member {
    private static final long NOT_TOLD = -1;

    private long waitMillis;

    SocketMember(Crowd crowd, String channel, int address) {
        super(crowd, Wire.WEB_SOCKET, channel, address);
    }

    @Override
    void connect(int port, int connection) {
        waitMillis = NOT_TOLD;
        var to = new WebSocketConnectOptions().setHost(Crowd.HOST).setPort(port).setURI("/api/realtime/ws");
        crowd().sockets()
                .connect(to)
                .onSuccess(socket -> listen(socket, connection))
                .onFailure(failure -> refused(failure, connection));
    }

    private void listen(WebSocket socket, int connection) {
        socket.textMessageHandler(text -> take(Crowd.json(text), socket));
        socket.exceptionHandler(broken -> socket.close());
        socket.closeHandler(closed -> {
            if (waitMillis == NOT_TOLD) {
                comeBackAfterCut(connection);
            } else {
                comeBack(connection, waitMillis);
            }
        });
        String after = cursor().isEmpty() ? "" : ",\"cursor\":\"" + cursor() + '"';
        socket.writeTextMessage("{\"id\":1,\"subscribe\":{\"channel\":\"" + channel() + '"' + after + "}}");
    }

    private void take(JsonNode frame, WebSocket socket) {
        if (frame.has("event")) {
            take(frame.path("event"));
        } else if (frame.has("sync")) {
            listenFrom(frame.at("/sync/cursor").textValue());
        } else if (frame.has("closing")) {
            waitMillis = frame.at("/closing/retryAfterMs").longValue();
            tellToMove();
        } else if (frame.has("error")) {
            socket.close();
        }
    }

    private void refused(Throwable failure, int connection) {
        String seconds = failure instanceof UpgradeRejectedException refused
                ? refused.getHeaders().get("Retry-After")
                : null;
        if (seconds == null) {
            comeBackAfterCut(connection);
        } else {
            comeBack(connection, Crowd.millis(seconds));
        }
    }
}
