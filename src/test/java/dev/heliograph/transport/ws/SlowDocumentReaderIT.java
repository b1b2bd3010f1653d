package dev.heliograph.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayMemory;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that asks for many documents and reads none of them costs few of them, and gets them all when it reads on. */
@Timeout(120)
class SlowDocumentReaderIT {
    private static final int CHANNELS = 120;
    private static final int POLLED_CHANNELS = 32;
    private static final int POLLS = 60;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SMALL_BUFFER_BYTES = 64 * 1024;
    private static final int DOCUMENT_BYTES = 200 * 1024;
    private static final long FEW_DOCUMENTS_BYTES = 10 * DOCUMENT_BYTES;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void documentsWaitForTheClient() throws Exception {
        try (var gateway = GatewayProcess.start("-Xmx512m")) {
            for (int i = 0; i < CHANNELS; i++) {
                put(gateway, channel(i));
            }
            try (var slow = WsClient.connect(gateway.port(), SMALL_BUFFER_BYTES)) {
                slow.request("ping", "{}");
                long before = GatewayMemory.used(gateway);
                for (int i = 0; i < CHANNELS; i++) {
                    slow.send(
                            "{\"id\":" + i + ",\"subscribe\":{\"channel\":\"" + channel(i) + "\",\"document\":true}}");
                }
                await().atMost(LIMIT).until(() -> subscriptions(gateway) > 0);

                assertThat(GatewayMemory.used(gateway) - before).isLessThan(FEW_DOCUMENTS_BYTES);

                assertThat(answered(slow)).hasSize(CHANNELS);
                assertThat(subscriptions(gateway)).isEqualTo(CHANNELS);
            }
        }
    }

    @Test
    void answersToPollsWaitForTheClient() throws Exception {
        try (var gateway = GatewayProcess.start("-Xmx512m")) {
            String query = "/api/realtime/poll?document=true";
            for (int i = 0; i < POLLED_CHANNELS; i++) {
                put(gateway, channel(i));
                query += "&channel=" + channel(i);
            }
            try (var slow = HttpConnection.open(gateway.port());
                    var other = HttpConnection.open(gateway.port())) {
                assertThat(documents(other.get(query, Map.of()))).isBetween(1, POLLED_CHANNELS - 1);
                long before = GatewayMemory.used(gateway);
                for (int i = 0; i < POLLS; i++) {
                    slow.send(query, Map.of());
                }
                var first = slow.answer();
                documents(other.get(query, Map.of()));

                assertThat(GatewayMemory.used(gateway) - before).isLessThan(FEW_DOCUMENTS_BYTES);

                assertThat(documents(first)).isPositive();
                for (int i = 1; i < POLLS; i++) {
                    assertThat(documents(slow.answer())).isPositive();
                }
            }
        }
    }

    /** How many documents an answer has; reads all of it. */
    private static int documents(HttpConnection.Answer answer) throws IOException {
        assertThat(answer.status()).isEqualTo(200);
        JsonNode documents = JSON.readTree(answer.body().readAllBytes()).path("documents");
        documents.forEach(it -> assertThat(it.at("/document/text").textValue()).hasSize(DOCUMENT_BYTES));
        return documents.size();
    }

    /** Reads on until every request was answered. */
    private static Set<Integer> answered(WsClient client) {
        var ids = new HashSet<Integer>();
        while (ids.size() < CHANNELS) {
            JsonNode frame = client.next();
            if (frame.has("id")) {
                assertThat(frame.at("/subscribed/document/text").textValue()).hasSize(DOCUMENT_BYTES);
                ids.add(frame.path("id").intValue());
            }
        }
        return ids;
    }

    private static long subscriptions(GatewayProcess gateway) throws IOException {
        return new GatewayHttp(gateway.httpUri()).metric("heliograph_hub_subscriptions");
    }

    private static String channel(int i) {
        return "orders-slow-" + i;
    }

    private void put(GatewayProcess gateway, String channel) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(gateway.httpUri() + "/api/realtime/documents/" + channel))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"text\":\"" + "x".repeat(DOCUMENT_BYTES) + "\"}"));
        var answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }
}
