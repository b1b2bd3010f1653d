package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The users of Redis as docs/operations.md has them. */
class RedisRightsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String CHANNEL = "/api/realtime/channels/orders-1/events";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void servesEverythingWithTheDocumentedUsers() throws Exception {
        try (RedisServer redis = RedisServer.startProcess(false);
                var admin = new RedisBackend(redis)) {
            for (String line : documentedLines()) {
                admin.send(line.split(" "));
            }
            try (GatewayProcess gateway = GatewayProcess.start(
                            "quarkus.redis.hosts=" + redis.uri().replace("redis://", "redis://gateway:secret@"),
                            "heliograph.ingest.enabled=true");
                    var backend = new RedisBackend(redis);
                    var legacy = new RedisBackend(redis)) {
                backend.send("AUTH", "backend", "secret");
                legacy.send("AUTH", "legacy", "secret");
                await().atMost(LIMIT)
                        .until(() -> send(gateway, "GET", "/q/health/ready", "").statusCode() == 200);

                new GatewayHttp(gateway.httpUri()).publish("orders-1", "order.updated", "{\"by\":\"http\"}");
                assertThat(send(gateway, "PUT", "/api/realtime/documents/orders-1", "{\"by\":\"put\"}")
                                .statusCode())
                        .isEqualTo(201);
                assertThat(send(gateway, "GET", "/api/realtime/documents/orders-1", "")
                                .body())
                        .contains("put");
                assertThat(send(gateway, "DELETE", "/api/realtime/cache", "").statusCode())
                        .isEqualTo(204);
                String bob = "{\"subject\":\"bob\",\"until\":\"" + Instant.now().plusSeconds(60) + "\"}";
                assertThat(send(gateway, "POST", "/api/realtime/revocations", bob)
                                .statusCode())
                        .isEqualTo(204);
                assertThat(send(gateway, "DELETE", "/api/realtime/revocations?subject=bob", "")
                                .statusCode())
                        .isEqualTo(204);
                await().atMost(LIMIT)
                        .ignoreExceptions()
                        .until(() -> backend.send(
                                        "FCALL",
                                        "heliograph_publish",
                                        "1",
                                        "orders-1",
                                        "order.updated",
                                        "{\"by\":\"call\"}",
                                        "e-1")
                                != null);
                await().atMost(LIMIT)
                        .until(() -> legacy.send("PUBLISH", "orders-1", "{\"type\":\"order.updated\",\"by\":\"raw\"}")
                                .equals(1L));

                await().atMost(LIMIT).untilAsserted(() -> assertThat(
                                send(gateway, "GET", CHANNEL + "?limit=10", "").body())
                        .contains("http", "put", "call", "raw"));
                assertThat(gateway.output()).doesNotContain("WARN", "ERROR", "NOPERM");
            }
        }
    }

    @Test
    void namesMissingRightsAtStart() throws Exception {
        try (RedisServer redis = RedisServer.startProcess(false);
                var admin = new RedisBackend(redis)) {
            String line = documentedLines().get(0).replace("+hset ", "").replace("&heliograph:*", "&heliograph:live:*");
            admin.send(line.split(" "));
            admin.send(documentedLines().get(3).split(" "));
            try (GatewayProcess gateway = GatewayProcess.start(
                    "quarkus.redis.hosts=" + redis.uri().replace("redis://", "redis://gateway:secret@"))) {
                await().atMost(LIMIT).untilAsserted(() -> assertThat(
                                gateway.output().lines().filter(said -> said.contains("lacks rights")))
                        .singleElement()
                        .asString()
                        .contains(
                                "WARN", "docs/operations.md", "HSET on heliograph:{", "PUBLISH on heliograph:notices"));
            }
        }
    }

    @Test
    void hearsRawMessagesOfNamespacesThatItMayHear() throws Exception {
        try (RedisServer redis = RedisServer.startProcess(false);
                var admin = new RedisBackend(redis)) {
            // For `orders` alone, while the gateway has six other namespaces.
            admin.send(documentedLines().get(0).split(" "));
            try (GatewayProcess gateway = GatewayProcess.start(
                    "quarkus.redis.hosts=" + redis.uri().replace("redis://", "redis://gateway:secret@"),
                    "heliograph.ingest.enabled=true")) {
                awaitHeard(admin, "orders-1", "{\"type\":\"order.updated\",\"by\":\"raw\"}");
                await().atMost(LIMIT).untilAsserted(() -> assertThat(
                                send(gateway, "GET", CHANNEL, "").body())
                        .contains("raw"));

                admin.send("ACL", "SETUSER", "gateway", "&drivers", "&drivers-*");

                awaitHeard(admin, "drivers-1", "{\"type\":\"driver.online\"}");
                assertThat(gateway.output()).doesNotContain("is lost or silent");
            }
        }
    }

    @Test
    void tellsPublisherThatRedisDoesNotLetTheGatewayIn() throws Exception {
        try (RedisServer redis = RedisServer.startProcess(false);
                var admin = new RedisBackend(redis)) {
            admin.send("CONFIG", "SET", "requirepass", "right");
            for (String user : List.of(":wrong@", "")) {
                try (GatewayProcess gateway = GatewayProcess.start(
                        "quarkus.redis.hosts=" + redis.uri().replace("redis://", "redis://" + user))) {
                    HttpResponse<String> answer = send(gateway, "PUT", "/api/realtime/documents/orders-1", "{}");

                    assertThat(answer.statusCode()).isEqualTo(503);
                    assertThat(answer.body()).contains("log-unavailable");
                    await().atMost(LIMIT).untilAsserted(() -> assertThat(gateway.output())
                            .containsAnyOf("WRONGPASS", "NOAUTH")
                            .doesNotContain("lacks rights", "ERROR"));
                }
            }
        }
    }

    private static void awaitHeard(RedisBackend backend, String channel, String message) {
        await().atMost(LIMIT)
                .until(() -> backend.send("PUBLISH", channel, message).equals(1L));
    }

    /** Of the gateway, of a backend, of one that only sends {@code PUBLISH}; then what the gateway has more than `orders`. */
    private static List<String> documentedLines() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("docs", "operations.md")).stream()
                .filter(line -> line.startsWith("ACL SETUSER "))
                .toList();
        assertThat(lines).hasSize(4);
        return lines;
    }

    private static HttpResponse<String> send(GatewayProcess gateway, String method, String path, String body)
            throws Exception {
        URI address = gateway.httpUri().resolve(path);
        HttpRequest request = HttpRequest.newBuilder(address)
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }
}
