package dev.heliograph.transport.sse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A client of a node, and the stream that it was answered with. */
record Listening(HttpConnection connection, HttpConnection.Answer answer, EventStream stream) implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Listening to(GatewayProcess node, String query) throws IOException {
        return to(node, query, Map.of());
    }

    static Listening to(GatewayProcess node, String query, Map<String, String> headers) throws IOException {
        var connection = HttpConnection.open(node.port());
        HttpConnection.Answer answer = connection.get("/api/realtime/sse?" + query, headers);
        return new Listening(connection, answer, new EventStream(answer.body()));
    }

    EventStream.Event next() throws IOException {
        return stream.next();
    }

    /** What comes next, in place of events. */
    BufferedReader lines() {
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    static JsonNode json(EventStream.Event event) throws IOException {
        return JSON.readTree(event.data());
    }

    @Override
    public void close() {
        connection.close();
    }
}
