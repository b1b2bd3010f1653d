package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** An address of Redis that does not resolve may do so later, for example when its service is there. */
class UnresolvedRedisIT {
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void gatewayStartsAndNamesHostAndIsNotReady() throws Exception {
        try (var gateway = GatewayProcess.start("QUARKUS_REDIS_HOSTS=redis://:hunter2@redis.invalid:6379")) {
            assertThat(status(gateway, "/q/health/ready")).isEqualTo(503);
            assertThat(status(gateway, "/q/health/live")).isEqualTo(200);

            assertThat(gateway.output())
                    .contains("There is no connection to Redis for the feed", "redis.invalid")
                    .doesNotContain("\tat ", "hunter2");
            assertThat(gateway.stop()).isZero();
        }
    }

    private int status(GatewayProcess gateway, String path) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(gateway.httpUri().resolve(path)).build(), BodyHandlers.discarding())
                .statusCode();
    }
}
