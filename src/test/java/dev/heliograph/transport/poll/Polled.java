package dev.heliograph.transport.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.HttpConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What a poll was answered.
 *
 * @param body null without one
 */
record Polled(int status, Map<String, String> headers, JsonNode body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param header a name and a value, or nothing */
    static Polled ask(HttpConnection connection, String query, String... header) throws IOException {
        Map<String, String> headers = header.length == 0 ? Map.of() : Map.of(header[0], header[1]);
        var answer = connection.get("/api/realtime/poll?" + query, headers);
        byte[] body = answer.body().readAllBytes();
        return new Polled(answer.status(), answer.headers(), body.length == 0 ? null : JSON.readTree(body));
    }

    static CompletableFuture<Polled> inBackground(int port, String query) {
        return CompletableFuture.supplyAsync(() -> {
            try (var connection = HttpConnection.open(port)) {
                return ask(connection, query);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
