package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.Installed;
import dev.heliograph.fixture.Nginx;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Event streams and polls through an nginx as it is installed, which speaks HTTP/1.0, buffers, and may compress. */
@Timeout(30)
class NginxIT {
    private static final String PLAIN = "";
    private static final String GZIP = "/gzip";
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final int EVENTS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static GatewayProcess gateway;
    private static GatewayHttp backend;
    private static Nginx nginx;

    private final String channel = "orders-" + UUID.randomUUID();

    @BeforeAll
    static void startServers() throws IOException {
        Installed.require(Nginx.binary().isPresent(), "nginx is missing: apt-get install nginx");
        gateway = GatewayProcess.start();
        backend = new GatewayHttp(gateway.httpUri());
        nginx = Nginx.start(Nginx.binary().orElseThrow(), gateway.port());
    }

    @AfterAll
    static void endServers() {
        if (nginx != null) {
            nginx.close();
        }
        if (gateway != null) {
            gateway.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, GZIP})
    void eventsArriveAtOnceWhileTheStreamStaysOpen(String location) throws IOException {
        try (var connection = HttpConnection.open(nginx.port());
                var answer = connection.get(location + "/api/realtime/sse?channel=" + channel, acceptGzip())) {
            var stream = new EventStream(decoded(answer, location));
            assertThat(stream.next().type()).isEqualTo("sync");
            for (int i = 0; i < EVENTS; i++) {
                String cursor = backend.publish(channel, "order.updated", "{\"n\":" + i + "}");
                long publishedAt = System.nanoTime();

                EventStream.Event event = stream.next();

                assertThat(Duration.ofNanos(System.nanoTime() - publishedAt)).isLessThan(AT_ONCE);
                assertThat(event.lastEventId()).isEqualTo(cursor);
                assertThat(JSON.readTree(event.data()).at("/data/n").intValue()).isEqualTo(i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, GZIP})
    void unchangedTagGets304UntilNextEvent(String location) throws IOException {
        String first = backend.publish(channel, "order.created", "{\"n\":1}");
        String tag;
        try (var connection = HttpConnection.open(nginx.port());
                var answer = poll(connection, location, Map.of(), 0)) {
            tag = answer.header("ETag");
            assertThat(JSON.readTree(decoded(answer, location).readAllBytes())
                            .path("cursor")
                            .textValue())
                    .isEqualTo(first);
        }
        assertThat(tag).isEqualTo((location.equals(GZIP) ? "W/\"" : "\"") + first + '"');

        for (int waitSeconds = 0; waitSeconds < 2; waitSeconds++) {
            try (var connection = HttpConnection.open(nginx.port());
                    var answer = poll(connection, location, Map.of("If-None-Match", tag), waitSeconds)) {
                assertThat(answer.status()).isEqualTo(304);
                assertThat(answer.header("ETag")).endsWith('"' + first + '"');
            }
        }
        String second = backend.publish(channel, "order.updated", "{\"n\":2}");
        try (var connection = HttpConnection.open(nginx.port());
                var answer = poll(connection, location, Map.of("If-None-Match", tag), 1)) {
            JsonNode body = JSON.readTree(decoded(answer, location).readAllBytes());
            assertThat(body.at("/events/0/cursor").textValue()).isEqualTo(second);
            assertThat(body.path("events")).hasSize(1);
        }
    }

    @Test
    void heldPollIsAnsweredAtOnceWhenSomethingComes() throws IOException {
        String first = backend.publish(channel, "order.created", "{\"n\":1}");
        try (var connection = HttpConnection.open(nginx.port())) {
            connection.send(path(PLAIN, 20), Map.of("If-None-Match", '"' + first + '"'));
            String second = backend.publish(channel, "order.updated", "{\"n\":2}");
            long publishedAt = System.nanoTime();

            HttpConnection.Answer answer = connection.answer();

            assertThat(Duration.ofNanos(System.nanoTime() - publishedAt)).isLessThan(AT_ONCE);
            assertThat(answer.header("ETag")).isEqualTo('"' + second + '"');
        }
    }

    /** As a browser does: with the tag and the address as they came. */
    @ParameterizedTest
    @ValueSource(strings = {PLAIN, GZIP})
    void changesDocumentWithTagAndAddressAsTheyCame(String location) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + nginx.port() + location + "/api/realtime/documents/" + channel);
        var client = HttpClient.newHttpClient();

        HttpResponse<String> made =
                client.send(change(address, "If-None-Match", "*", documentOf(1)), BodyHandlers.ofString());
        assertThat(made.statusCode()).isEqualTo(201);
        URI named =
                address.resolve(made.headers().firstValue("Content-Location").orElseThrow());
        assertThat(named).isEqualTo(address);
        String tag = client.send(
                        HttpRequest.newBuilder(named)
                                .header("Accept-Encoding", "gzip")
                                .build(),
                        BodyHandlers.discarding())
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        assertThat(tag).startsWith(location.equals(GZIP) ? "W/" : "\"");

        HttpResponse<String> changed =
                client.send(change(named, "If-Match", tag, documentOf(2)), BodyHandlers.ofString());
        HttpResponse<String> late = client.send(change(named, "If-Match", tag, documentOf(3)), BodyHandlers.ofString());

        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(late.statusCode()).isEqualTo(412);
    }

    /** Longer than what nginx deems too short to compress. */
    private static String documentOf(int n) {
        return "{\"n\":" + n + ",\"note\":\"" + "x".repeat(100) + "\"}";
    }

    private static HttpRequest change(URI address, String condition, String tag, String json) {
        return HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("Accept-Encoding", "gzip")
                .header(condition, tag)
                .PUT(BodyPublishers.ofString(json))
                .build();
    }

    private HttpConnection.Answer poll(
            HttpConnection connection, String location, Map<String, String> headers, int waitSeconds)
            throws IOException {
        var all = new HashMap<>(acceptGzip());
        all.putAll(headers);
        return connection.get(path(location, waitSeconds), all);
    }

    private String path(String location, int waitSeconds) {
        return location + "/api/realtime/poll?channel=" + channel + "&wait=" + waitSeconds;
    }

    private static Map<String, String> acceptGzip() {
        return Map.of("Accept-Encoding", "gzip");
    }

    /** Makes sure that nginx compresses where it should. */
    private static InputStream decoded(HttpConnection.Answer answer, String location) throws IOException {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Encoding")).isEqualTo(location.equals(GZIP) ? "gzip" : "");
        return location.equals(GZIP) ? new GZIPInputStream(answer.body()) : answer.body();
    }
}
