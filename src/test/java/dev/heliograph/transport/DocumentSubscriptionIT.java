package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.fixture.WsClient;
import dev.heliograph.log.Position;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A subscription that begins with the document goes on with every event after it, whoever writes meanwhile. */
@Timeout(180)
class DocumentSubscriptionIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WRITES = 300;
    private static final int BEGIN_AFTER = 100;
    private static final int LIMIT_SECONDS = 120;

    private static RedisServer redis;
    private static GatewayProcess gateway;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        gateway = GatewayProcess.start("quarkus.redis.hosts=" + redis.uri());
    }

    @AfterAll
    static void end() {
        gateway.close();
        redis.close();
    }

    /** @param hasBegun fails as the writing does, if that does not come so far */
    private record Writing(CompletableFuture<Void> hasBegun, CompletableFuture<Void> isDone) {}

    /** What a client knows of a document: its number, and up to where it was told. */
    private static final class Reader {
        private int number;
        private Position at;

        void begin(JsonNode snapshot) {
            number = snapshot.at("/document/n").intValue();
            at = Position.parse(snapshot.path("cursor").textValue());
            Position version = Position.parse(snapshot.path("version").textValue());
            assertThat(version.epoch()).isEqualTo(at.epoch());
            assertThat(version.offset()).isLessThanOrEqualTo(at.offset());
        }

        void take(JsonNode event) {
            Position position = Position.parse(event.path("cursor").textValue());
            assertThat(position).isEqualTo(at.at(at.offset() + 1));
            at = position;
            JsonNode document = event.at("/data/document");
            if (!document.isMissingNode()) {
                assertThat(document.path("n").intValue()).isEqualTo(number + 1);
                number++;
            }
        }

        boolean isDone() {
            return number == WRITES;
        }
    }

    @Test
    void overWebSocket() throws Exception {
        Writing writing = write("orders-ws");
        writing.hasBegun().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        var reader = new Reader();
        try (var client = WsClient.connect(gateway.port())) {
            JsonNode answer = client.request("subscribe", "{\"channel\":\"orders-ws\",\"document\":true}");

            reader.begin(answer.path("subscribed"));
            assertThat(client.next().at("/sync/recovered").booleanValue()).isTrue();
            while (!reader.isDone()) {
                reader.take(client.next().path("event"));
            }
        }
        writing.isDone().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void overServerSentEvents() throws Exception {
        Writing writing = write("orders-sse");
        writing.hasBegun().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        var reader = new Reader();
        try (var connection = HttpConnection.open(gateway.port());
                var answer = connection.get("/api/realtime/sse?channel=orders-sse&document=true", Map.of())) {
            var stream = new EventStream(answer.body());
            EventStream.Event first = stream.next();

            assertThat(first.type()).isEqualTo("document");
            JsonNode snapshot = JSON.readTree(first.data());
            assertThat(first.lastEventId()).isEqualTo(snapshot.path("cursor").textValue());
            reader.begin(snapshot);
            assertThat(stream.next().type()).isEqualTo("sync");
            while (!reader.isDone()) {
                reader.take(JSON.readTree(stream.next().data()));
            }
        }
        writing.isDone().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void overPolls() throws Exception {
        Writing writing = write("orders-poll");
        writing.hasBegun().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        var reader = new Reader();
        try (var connection = HttpConnection.open(gateway.port())) {
            JsonNode first = poll(connection, "");

            reader.begin(first.at("/documents/0"));
            String cursor = first.path("cursor").textValue();
            while (!reader.isDone()) {
                JsonNode next = poll(connection, "&wait=20&cursor=" + cursor);
                next.path("events").forEach(reader::take);
                cursor = next.path("cursor").textValue();
            }
        }
        writing.isDone().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whatHasNoDocumentSaysSoAndFirehosesAreRefused() throws IOException {
        try (var client = WsClient.connect(gateway.port())) {
            JsonNode none = client.request("subscribe", "{\"channel\":\"orders-none\",\"document\":true}");
            assertThat(none.path("subscribed").has("document")).isTrue();
            assertThat(none.at("/subscribed/document").isNull()).isTrue();
            client.next();

            JsonNode firehose = client.request("subscribe", "{\"channel\":\"orders.*\",\"document\":true}");
            assertThat(firehose.at("/error/field").textValue()).isEqualTo("channel");
        }
    }

    private static JsonNode poll(HttpConnection connection, String more) throws IOException {
        var answer = connection.get("/api/realtime/poll?channel=orders-poll&document=true" + more, Map.of());
        assertThat(answer.status()).isEqualTo(200);
        return JSON.readTree(answer.body().readAllBytes());
    }

    /** Writes the document, and an event that is none of it in between. */
    private Writing write(String channel) {
        var hasBegun = new CompletableFuture<Void>();
        CompletableFuture<Void> isDone = CompletableFuture.runAsync(() -> {
            try {
                var backend = new GatewayHttp(gateway.httpUri());
                for (int n = 1; n <= WRITES; n++) {
                    put(channel, n);
                    backend.publish(channel, "order.assigned", "{}");
                    if (n == BEGIN_AFTER) {
                        hasBegun.complete(null);
                    }
                }
            } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        isDone.whenComplete((nothing, failure) -> {
            if (failure != null) {
                hasBegun.completeExceptionally(failure);
            }
        });
        return new Writing(hasBegun, isDone);
    }

    private void put(String channel, int n) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(gateway.httpUri() + "/api/realtime/documents/" + channel))
                .header("Content-Type", "application/json")
                .header(n == 1 ? "If-None-Match" : "If-Match", "*")
                .PUT(BodyPublishers.ofString("{\"n\":" + n + "}"));
        var answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    }
}
