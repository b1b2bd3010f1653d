package dev.heliograph.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

/** Polls at one address until an answer has {@code Connection: close}. */
final class PollMember extends Member {
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int WAIT_SECONDS = 25;

    PollMember(Crowd crowd, String channel, int address) {
        super(crowd, Wire.POLL, channel, address);
    }

    @Override
    void connect(int port, int connection) {
        // The first answer makes it a listener, so it is not waited for.
        int wait = cursor().isEmpty() ? 0 : WAIT_SECONDS;
        crowd().requests()
                .request(HttpMethod.GET, port, Crowd.HOST, "/api/realtime/poll?channel=" + channel() + "&wait=" + wait)
                .compose(this::ask)
                .compose(answer -> answer.body().onSuccess(body -> take(answer, body, port, connection)))
                .onFailure(gone -> comeBackAfterCut(connection));
    }

    private Future<HttpClientResponse> ask(HttpClientRequest request) {
        if (!cursor().isEmpty()) {
            request.putHeader("If-None-Match", '"' + cursor() + '"');
        }
        return request.send();
    }

    private void take(HttpClientResponse answer, Buffer body, int port, int connection) {
        switch (answer.statusCode()) {
            case OK -> {
                for (JsonNode event : Crowd.json(body.toString()).path("events")) {
                    take(event);
                }
            }
            case NOT_MODIFIED -> {
                // It is where it was.
            }
            default -> {
                comeBack(connection, Crowd.millis(answer.getHeader("Retry-After")));
                return;
            }
        }
        listenFrom(answer.getHeader("ETag").replace("\"", ""));
        if ("close".equalsIgnoreCase(answer.getHeader("Connection"))) {
            tellToMove();
            comeBack(connection, 0);
        } else {
            connect(port, connection);
        }
    }
}
