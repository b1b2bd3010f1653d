package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.RedisServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An event stream of one node gets its newer token by a request to another. */
class RefreshOverNodesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String LISTEN = "{\"subscribe\":[\"orders\"]}";
    private static final Duration LONG = Duration.ofMinutes(10);

    private static RedisServer redis;
    private static GatewayProcess nodeA;
    private static GatewayProcess nodeB;

    @BeforeAll
    static void startNodes() {
        redis = RedisServer.startProcess(false);
        nodeA = startNode();
        nodeB = startNode();
    }

    private static GatewayProcess startNode() {
        return GatewayProcess.start(Stream.concat(
                        Stream.of(
                                "-Xmx256m",
                                "heliograph.access.jwt.leeway=0s",
                                "quarkus.redis.hosts=redis://" + redis.host() + ":" + redis.port()),
                        Jwts.config().entrySet().stream().map(each -> each.getKey() + '=' + each.getValue()))
                .toArray(String[]::new));
    }

    @AfterAll
    static void endNodes() {
        nodeA.close();
        nodeB.close();
        redis.close();
    }

    @Test
    void streamGoesOnWithTokenThatCameToAnotherNode() throws IOException, InterruptedException {
        String short5 = Jwts.token("alice", Duration.ofSeconds(5), LISTEN);
        try (HttpConnection connection = HttpConnection.open(nodeA.port());
                HttpConnection.Answer answer = connection.get(
                        "/api/realtime/sse?channel=orders-1", Map.of("Authorization", "Bearer " + short5))) {
            var stream = new EventStream(answer.body());
            String id = null;
            while (id == null) {
                EventStream.Event event = stream.next();
                id = JSON.readTree(event.data()).path("session").textValue();
            }

            HttpResponse<String> ofAnother = refresh(id, Jwts.token("bob", LONG, LISTEN));
            HttpResponse<String> ofNone = refresh("A".repeat(22), Jwts.token("alice", LONG, LISTEN));
            HttpResponse<String> done =
                    refresh(id, Jwts.token("alice", Duration.ofSeconds(30), "{\"subscribe\":[\"orders-1\"]}"));

            assertThat(ofAnother.statusCode()).isEqualTo(404);
            assertThat(ofNone.statusCode()).isEqualTo(404);
            assertThat(ofAnother.body()).isEqualTo(ofNone.body());
            assertThat(done.statusCode()).isEqualTo(204);
            // The notice of the newer token, which has less than 60 s: the first may have come before the sync.
            JsonNode expiring = JSON.readTree(stream.next().data());
            while (expiring.path("expires").textValue().equals(end(short5))) {
                expiring = JSON.readTree(stream.next().data());
            }
            assertThat(expiring.path("expires").textValue()).isGreaterThan(end(short5));
            assertThat(refresh(id, Jwts.token("alice", LONG, "{}")).statusCode())
                    .isEqualTo(204);
            assertThat(stream.next().type()).isEqualTo("unsubscribed");
            assertThat(stream.next().data()).contains("\"code\":4203");
        }
    }

    private static HttpResponse<String> refresh(String id, String token) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(nodeB.httpUri().resolve("/api/realtime/sessions/" + id + "/refresh"))
                        .header("Authorization", "Bearer " + token)
                        .POST(BodyPublishers.noBody())
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String end(String token) throws IOException {
        byte[] claims = java.util.Base64.getUrlDecoder().decode(token.split("\\.")[1]);
        return java.time.Instant.ofEpochSecond(JSON.readTree(claims).path("exp").longValue())
                .toString();
    }
}
