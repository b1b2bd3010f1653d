package dev.heliograph.latest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The latest event over HTTP, from two gateways on one Redis. */
class LatestIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static RedisServer redis;
    private static GatewayProcess here;
    private static GatewayProcess there;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() {
        redis = RedisServer.startProcess(false);
        here = GatewayProcess.start("quarkus.redis.hosts=" + redis.uri());
        there = GatewayProcess.start("quarkus.redis.hosts=" + redis.uri());
    }

    @AfterAll
    static void stop() {
        here.close();
        there.close();
        redis.close();
    }

    @Test
    void asking100TimesForAKnownEventCostsNoRedisCommand() throws Exception {
        String cursor = new GatewayHttp(here.httpUri()).publish("orders-quiet", "order.updated", "{}");
        String tag = '"' + cursor + '"';
        assertThat(latest(here, "orders-quiet", null).headers().firstValue("ETag"))
                .contains(tag);
        long before = statistics(here).path("notModified").longValue();

        try (var backend = new RedisBackend(redis)) {
            Map<String, Long> calls = callsOfReads(backend);
            for (int i = 0; i < 100; i++) {
                assertThat(latest(here, "orders-quiet", tag).statusCode()).isEqualTo(304);
            }
            assertThat(callsOfReads(backend)).isEqualTo(calls);

            latest(here, "orders-not-kept", null);
            assertThat(callsOfReads(backend)).isNotEqualTo(calls);
        }

        assertThat(statistics(here).path("notModified").longValue()).isEqualTo(before + 100);
    }

    @Test
    void otherNodeAnswersSameTagAndNextEvent() throws Exception {
        String first = new GatewayHttp(here.httpUri()).publish("orders-both", "order.updated", "{}");
        assertThat(latest(there, "orders-both", '"' + first + '"').statusCode()).isEqualTo(304);

        String second = new GatewayHttp(here.httpUri()).publish("orders-both", "order.updated", "{}");

        await().atMost(LIMIT)
                .until(() -> latest(there, "orders-both", '"' + first + '"').statusCode() == 200);
        HttpResponse<String> newest = latest(there, "orders-both", '"' + first + '"');
        assertThat(JSON.readTree(newest.body()).path("cursor").textValue()).isEqualTo(second);
    }

    @Test
    void eventPublishedByRedisAloneIsAnswered() throws Exception {
        latest(here, "orders-raw", null);
        try (var backend = new RedisBackend(redis)) {
            backend.send("PUBLISH", "orders-raw", "{\"type\":\"order.updated\",\"order\":{\"n\":1}}");
        }

        await().atMost(LIMIT).until(() -> latest(here, "orders-raw", null).statusCode() == 200);
        assertThat(latest(here, "orders-raw", null).body()).endsWith("\"data\":{\"order\":{\"n\":1}}}");
    }

    @Test
    void anInvalidationHereIsOneThere() throws Exception {
        new GatewayHttp(here.httpUri()).publish("drivers-1", "driver.online", "{}");
        latest(there, "drivers-1", null);
        long before = statistics(there).path("entries").longValue();

        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(here.httpUri().resolve("/api/realtime/cache/invalidate"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"pattern\":\"drivers-*\"}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(204);
        await().atMost(LIMIT).until(() -> statistics(there).path("entries").longValue() == before - 1);
    }

    /** How often each command ran that reads or follows a channel, also within scripts. Leases and probes use others. */
    private static Map<String, Long> callsOfReads(RedisBackend backend) throws IOException {
        var calls = new TreeMap<String, Long>();
        for (String line : backend.send("INFO", "commandstats").toString().split("\r\n")) {
            if (line.matches("cmdstat_(hget|hvals|hgetall|xrange|subscribe|unsubscribe):.*")) {
                calls.put(
                        line.substring(0, line.indexOf(':')),
                        Long.valueOf(line.replaceAll("cmdstat_\\w+:calls=(\\d+),.*", "$1")));
            }
        }
        return calls;
    }

    private JsonNode statistics(GatewayProcess gateway) throws IOException {
        return JSON.readTree(new GatewayHttp(gateway.httpUri()).get("/api/realtime/cache"));
    }

    private HttpResponse<String> latest(GatewayProcess gateway, String channel, String tag)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.httpUri().resolve("/api/realtime/channels/" + channel + "/latest"));
        if (tag != null) {
            request.header("If-None-Match", tag);
        }
        return client.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
    }
}
