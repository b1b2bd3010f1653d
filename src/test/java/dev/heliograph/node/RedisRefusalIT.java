package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A running gateway whose Redis answers, but refuses writes or has forgotten the function. */
class RedisRefusalIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static RedisServer redis;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() {
        redis = RedisServer.startProcess(false);
        gateway = GatewayProcess.start("quarkus.redis.hosts=" + redis.uri());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        redis.close();
    }

    @Test
    void namesRefusalUntilRedisHasMemoryAgain() throws Exception {
        try (var admin = new RedisBackend(redis)) {
            assertNamesRefusal(
                    "OOM command not allowed",
                    "oom",
                    () -> admin.send("CONFIG", "SET", "maxmemory", "1"),
                    () -> admin.send("CONFIG", "SET", "maxmemory", "0"));
        }
    }

    @Test
    void namesRefusalUntilRedisCanPersistAgain() throws Exception {
        assertNamesRefusal(
                "MISCONF Redis is configured to save RDB snapshots",
                "misconf",
                Executors.callable(redis::breakSnapshots),
                Executors.callable(redis::mendSnapshots));
    }

    @Test
    void loadsForgottenFunctionWithinAMinute() throws Exception {
        try (var backend = new RedisBackend(redis)) {
            await().atMost(LIMIT).until(() -> isOffered(backend));

            backend.send("FUNCTION", "FLUSH");

            assertThat(isOffered(backend)).isFalse();
            await().atMost(Duration.ofMinutes(1)).until(() -> isOffered(backend));
        }
    }

    private static void assertNamesRefusal(String words, String tag, Callable<?> arise, Callable<?> cease)
            throws Exception {
        await().atMost(LIMIT).until(() -> get("/q/health/ready").statusCode() == 200);
        long ended = timesSaid("Redis takes writes again");

        arise.call();
        GatewayHttp.Answer refused =
                new GatewayHttp(gateway.httpUri()).publish(GatewayHttp.event("orders-1", "order.updated", "{}"));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body().path("detail").textValue()).contains(words);
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/q/health/ready").body()).contains("event log writes", words);
        assertThat(get("/q/metrics").body()).contains("heliograph_log_refused_writes_total{reason=\"" + tag + "\"}");
        assertThat(timesSaid("Redis refuses writes, this node is not ready until it takes them again [" + words))
                .isEqualTo(1);

        cease.call();

        await().atMost(LIMIT).until(() -> get("/q/health/ready").statusCode() == 200);
        assertThat(timesSaid("Redis takes writes again")).isEqualTo(ended + 1);
    }

    private static boolean isOffered(RedisBackend backend) throws IOException {
        try {
            backend.send("FCALL", "heliograph_publish", "1", "orders-2", "order.updated", "{}");
            return true;
        } catch (RedisBackend.Refused e) {
            return false;
        }
    }

    private static long timesSaid(String words) {
        return gateway.output().lines().filter(line -> line.contains(words)).count();
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(gateway.httpUri().resolve(path)).build(), BodyHandlers.ofString());
    }
}
