package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asks for the documents of several channels gets those of which it has no cursor, and what comes after them. */
@Timeout(60)
class SeveralDocumentsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static GatewayProcess gateway;
    private static GatewayHttp backend;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() {
        gateway = GatewayProcess.start();
        backend = new GatewayHttp(gateway.httpUri());
    }

    @AfterAll
    static void end() {
        gateway.close();
    }

    @Test
    void severalDocumentsComeOverServerSentEvents() throws Exception {
        String channels = "channel=orders-sse&channel=jobs-sse&document=true";
        put("orders-sse", "{\"n\":1}");
        put("jobs-sse", "{\"n\":2}");
        String lastEventId;
        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get("/api/realtime/sse?" + channels, Map.of())) {
            var stream = new EventStream(answer.body());

            assertThat(documents(stream, 2)).isEqualTo(Map.of("orders-sse", 1, "jobs-sse", 2));
            backend.publish("orders-sse", "order.updated", "{}");
            EventStream.Event event = stream.next();
            assertThat(event.type()).isEqualTo("message");
            lastEventId = event.lastEventId();
        }
        backend.publish("jobs-sse", "job.claimed", "{}");
        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get("/api/realtime/sse?" + channels, Map.of("Last-Event-ID", lastEventId))) {
            var stream = new EventStream(answer.body());

            assertThat(typesOfNext(stream, 3)).containsExactlyInAnyOrder("sync", "sync", "message");
        }
        String partial = lastEventId.substring(0, lastEventId.indexOf('.') + 1);
        backend.publish("orders-sse", "order.updated", "{}");
        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get("/api/realtime/sse?" + channels + "&cursor=" + partial, Map.of())) {
            var stream = new EventStream(answer.body());

            assertThat(typesOfNext(stream, 4)).containsExactlyInAnyOrder("sync", "message", "document", "sync");
        }
    }

    @Test
    void severalDocumentsComeOverPolls() throws Exception {
        String channels = "channel=orders-poll&channel=jobs-poll&document=true";
        put("orders-poll", "{\"n\":1}");
        put("jobs-poll", "{\"n\":2}");

        JsonNode first = poll(channels);
        assertThat(first.path("documents"))
                .extracting(it -> it.path("channel").textValue() + it.at("/document/n"))
                .containsExactly("orders-poll1", "jobs-poll2");

        String at = first.path("cursor").textValue();
        backend.publish("jobs-poll", "job.claimed", "{}");
        JsonNode next = poll(channels + "&cursor=" + at);
        assertThat(next.has("documents")).isFalse();
        assertThat(next.path("events")).hasSize(1);
    }

    @Test
    void pollWithCursorsOfSomeChannelsGetsDocumentsOfTheOthers() throws Exception {
        String channels = "channel=orders-partial&channel=jobs-partial&document=true";
        put("orders-partial", "{\"n\":1}");
        put("jobs-partial", "{\"n\":2}");
        String known = poll("channel=orders-partial").path("cursor").textValue();
        backend.publish("orders-partial", "order.updated", "{}");

        JsonNode partial = poll(channels + "&wait=20&cursor=" + known + ".");
        JsonNode next =
                poll(channels + "&wait=20&cursor=" + partial.path("cursor").textValue());

        assertThat(partial.path("documents"))
                .extracting(it -> it.path("channel").textValue() + it.at("/document/n"))
                .containsExactly("jobs-partial2");
        assertThat(partial.path("cursor").textValue()).startsWith(known + ".").doesNotEndWith(".");
        assertThat(next.path("events"))
                .extracting(it -> it.path("channel").textValue())
                .containsExactly("orders-partial");
    }

    @Test
    void changesOfTheDocumentPassTheFilterOverWebSocket() throws Exception {
        put("orders-types-ws", "{\"n\":1}");
        String wish = "{\"channel\":\"orders-types-ws\",\"types\":[\"order.assigned\"],\"document\":true";
        String start;
        try (var client = WsClient.connect(gateway.port())) {
            JsonNode answer = client.request("subscribe", wish + "}").path("subscribed");
            start = answer.path("cursor").textValue();
            assertThat(client.next().has("sync")).isTrue();

            changeBetweenEvents("orders-types-ws");

            assertThat(client.next().at("/event/type").textValue()).isEqualTo("order.updated");
            assertThat(client.next().at("/event/type").textValue()).isEqualTo("order.assigned");
        }
        try (var client = WsClient.connect(gateway.port())) {
            JsonNode answer = client.request("subscribe", wish + ",\"cursor\":\"" + start + "\"}")
                    .path("subscribed");

            assertThat(answer.has("document")).isFalse();
            assertThat(client.next().has("sync")).isTrue();
            assertThat(client.next().at("/event/type").textValue()).isEqualTo("order.updated");
            assertThat(client.next().at("/event/type").textValue()).isEqualTo("order.assigned");
        }
    }

    @Test
    void changesOfTheDocumentPassTheFilterOverServerSentEvents() throws Exception {
        put("orders-types-sse", "{\"n\":1}");
        String query = "/api/realtime/sse?channel=orders-types-sse&event=order.assigned&document=true";
        String start;
        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get(query, Map.of())) {
            var stream = new EventStream(answer.body());
            assertThat(documents(stream, 1)).isEqualTo(Map.of("orders-types-sse", 1));

            start = changeBetweenEvents("orders-types-sse");

            assertThat(typesOfEvents(stream)).containsExactly("order.updated", "order.assigned");
        }
        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get(query, Map.of("Last-Event-ID", start))) {
            var stream = new EventStream(answer.body());

            assertThat(stream.next().type()).isEqualTo("sync");
            assertThat(typesOfEvents(stream)).containsExactly("order.updated", "order.assigned");
        }
    }

    @Test
    void changesOfTheDocumentPassTheFilterOverPolls() throws Exception {
        put("orders-types-poll", "{\"n\":1}");
        String query = "channel=orders-types-poll&event=order.assigned";
        JsonNode first = poll(query + "&document=true");
        assertThat(first.path("documents")).hasSize(1);
        String after = "&cursor=" + first.path("cursor").textValue();

        changeBetweenEvents("orders-types-poll");

        assertThat(poll(query + "&document=true" + after).path("events"))
                .extracting(event -> event.path("type").textValue())
                .containsExactly("order.updated", "order.assigned");
        assertThat(poll(query + after).path("events"))
                .extracting(event -> event.path("type").textValue())
                .containsExactly("order.assigned");
    }

    /**
     * Publishes an event that the filter leaves out, changes the document by one of the same type, and publishes one that
     * the filter lets pass.
     *
     * @return the cursor of the first
     */
    private String changeBetweenEvents(String channel) throws IOException, InterruptedException {
        String first = backend.publish(channel, "order.updated", "{}");
        write(channel, "{\"n\":2}", "If-Match", 200);
        backend.publish(channel, "order.assigned", "{}");
        return first;
    }

    /** Of the next events up to the one that the filter lets pass. */
    private static List<String> typesOfEvents(EventStream stream) throws IOException {
        var types = new ArrayList<String>();
        while (!types.contains("order.assigned")) {
            types.add(JSON.readTree(stream.next().data()).path("type").textValue());
        }
        return types;
    }

    /** The numbers of documents by their channels; each is followed by its sync. */
    private static Map<String, Integer> documents(EventStream stream, int count) throws IOException {
        var numbers = new HashMap<String, Integer>();
        for (int i = 0; i < count; i++) {
            EventStream.Event document = stream.next();
            assertThat(document.type()).isEqualTo("document");
            JsonNode told = JSON.readTree(document.data());
            numbers.put(told.path("channel").textValue(), told.at("/document/n").intValue());
            EventStream.Event sync = stream.next();
            assertThat(sync.type()).isEqualTo("sync");
            assertThat(JSON.readTree(sync.data()).path("channel")).isEqualTo(told.path("channel"));
        }
        return numbers;
    }

    private static List<String> typesOfNext(EventStream stream, int count) throws IOException {
        var types = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            types.add(stream.next().type());
        }
        return types;
    }

    private static JsonNode poll(String query) throws IOException {
        try (var connection = HttpConnection.open(gateway.port())) {
            var answer = connection.get("/api/realtime/poll?" + query, Map.of());
            assertThat(answer.status()).isEqualTo(200);
            return JSON.readTree(answer.body().readAllBytes());
        }
    }

    private void put(String channel, String document) throws IOException, InterruptedException {
        write(channel, document, "If-None-Match", 201);
    }

    private void write(String channel, String document, String condition, int status)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(gateway.httpUri() + "/api/realtime/documents/" + channel))
                .header("Content-Type", "application/json")
                .header(condition, "*")
                .PUT(BodyPublishers.ofString(document));
        var answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }
}
