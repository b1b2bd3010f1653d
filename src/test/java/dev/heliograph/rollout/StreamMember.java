package dev.heliograph.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.parsetools.RecordParser;

/** Listens to an event stream, and when that ends comes back after {@code retry}, as browsers do. */
final class StreamMember extends Member {
    private static final int OK = 200;

    private long retryMillis;
    private boolean isToldToMove;

    StreamMember(Crowd crowd, String channel, int address) {
        super(crowd, Wire.SSE, channel, address);
    }

    @Override
    void connect(int port, int connection) {
        isToldToMove = false;
        crowd().requests()
                .request(HttpMethod.GET, port, Crowd.HOST, "/api/realtime/sse?channel=" + channel())
                .compose(this::ask)
                .onSuccess(answer -> listen(answer, connection))
                .onFailure(gone -> comeBackAfterCut(connection));
    }

    private Future<HttpClientResponse> ask(HttpClientRequest request) {
        if (!cursor().isEmpty()) {
            request.putHeader("Last-Event-ID", cursor());
        }
        return request.send();
    }

    private void listen(HttpClientResponse answer, int connection) {
        if (answer.statusCode() != OK) {
            answer.end().onComplete(ended -> comeBackAfterCut(connection));
            return;
        }
        answer.handler(RecordParser.newDelimited("\n\n", this::take));
        answer.exceptionHandler(broken -> comeBackAfterCut(connection));
        answer.endHandler(ended -> {
            if (isToldToMove) {
                comeBack(connection, retryMillis);
            } else {
                comeBackAfterCut(connection);
            }
        });
    }

    private void take(Buffer block) {
        String type = "message";
        JsonNode data = null;
        for (String line : block.toString().split("\n")) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, Math.max(colon, 0))) {
                case "event" -> type = value;
                case "data" -> data = Crowd.json(value);
                case "retry" -> retryMillis = Long.parseLong(value);
                default -> {
                    // The id is also in the data; the rest are comments.
                }
            }
        }
        switch (type) {
            case "message" -> {
                if (data != null) {
                    take(data);
                }
            }
            case "sync" -> listenFrom(data.path("cursor").textValue());
            case "closing" -> {
                isToldToMove = true;
                tellToMove();
            }
            default -> {
                // A problem, after which the stream ends.
            }
        }
    }
}
