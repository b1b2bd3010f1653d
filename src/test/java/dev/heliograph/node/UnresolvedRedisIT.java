package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An address of Redis that does not resolve may do so later, for example when its service is there. */
class UnresolvedRedisIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void gatewayStartsAndSaysThatRedisIsAwayAndIsNotReady() throws Exception {
        try (var gateway = GatewayProcess.start("QUARKUS_REDIS_HOSTS=redis://:hunter2@redis.invalid:6379")) {
            assertThat(status(gateway, "/q/health/ready")).isEqualTo(503);
            assertThat(status(gateway, "/q/health/live")).isEqualTo(200);

            await().atMost(LIMIT)
                    .until(() -> gateway.output().contains("There is no connection to Redis for the feed"));
            assertThat(gateway.output()).doesNotContain("\tat ", "hunter2");
            assertThat(gateway.stop()).isZero();
        }
    }

    private int status(GatewayProcess gateway, String path) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(gateway.httpUri().resolve(path)).build(), BodyHandlers.discarding())
                .statusCode();
    }
}
