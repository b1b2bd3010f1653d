package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisBackend;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A Redis that forgets everything is told as a gap, to those who are connected as to those who return. */
class LostLogIT {
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(30);

    @Test
    void clientsAreToldWhenRedisHasLostTheLog() throws IOException {
        try (var redis = RedisServer.startProcess(false);
                var gateway = GatewayProcess.start("quarkus.redis.hosts=" + redis.uri());
                var live = WsClient.connect(gateway.port());
                var returning = WsClient.connect(gateway.port())) {
            var backend = new GatewayHttp(gateway.httpUri());
            live.subscribe("orders-1");
            live.next();
            String lost = backend.publish("orders-1", "order.created", "{}");
            live.next();

            redis.kill();
            redis.startAgain();
            String first = publishWhenRecovered(backend);

            JsonNode told = live.next().path("sync");
            assertThat(told.at("/gap/from").textValue()).isEqualTo(lost);
            assertThat(told.at("/gap/to").textValue()).isEqualTo(first.replaceAll("-1$", "-0"));
            assertThat(told.at("/gap/reason").textValue()).isEqualTo("epoch-changed");
            assertThat(live.next().at("/event/cursor").textValue()).isEqualTo(first);
            returning.subscribe("orders-1", lost);
            assertThat(returning.next().path("sync").path("gap")).isEqualTo(told.path("gap"));
            assertThat(returning.next().at("/event/cursor").textValue()).isEqualTo(first);
        }
    }

    @Test
    void returningClientHearsThatRedisHasLostNewestEvents() throws IOException {
        try (var redis = RedisServer.startProcess(false);
                var gateway = GatewayProcess.start("quarkus.redis.hosts=" + redis.uri());
                var returning = WsClient.connect(gateway.port())) {
            var backend = new GatewayHttp(gateway.httpUri());
            backend.publish("orders-1", "order.created", "{}");
            String kept = backend.publish("orders-1", "order.updated", "{}");
            try (var admin = new RedisBackend(redis)) {
                admin.send("SAVE");
            }
            backend.publish("orders-1", "order.updated", "{}");
            String lost = backend.publish("orders-1", "order.updated", "{}");

            redis.kill();
            redis.startAgain();
            String third = publishWhenRecovered(backend);
            backend.publish("orders-1", "order.updated", "{}");
            String fifth = backend.publish("orders-1", "order.updated", "{}");

            returning.subscribe("orders-1", lost);
            JsonNode told = returning.next().path("sync");
            assertThat(told.at("/gap/from").textValue()).isEqualTo(lost);
            assertThat(told.at("/gap/to").textValue()).isEqualTo(third.replaceAll("-3$", "-2"));
            assertThat(told.at("/gap/reason").textValue()).isEqualTo("ahead");
            assertThat(returning.next().at("/event/cursor").textValue()).isEqualTo(third);
            returning.next();
            assertThat(returning.next().at("/event/cursor").textValue()).isEqualTo(fifth);
            assertThat(events(backend, "from=" + kept + "&to=" + lost)
                            .at("/gap/reason")
                            .textValue())
                    .isEqualTo("ahead");
            assertThat(events(backend, "from=" + kept + "&to=" + fifth).path("events"))
                    .hasSize(3);
            returning.request("unsubscribe", "{\"channel\":\"orders-1\"}");
            returning.subscribe("orders-1", kept);
            assertThat(returning.next().at("/sync/recovered").booleanValue()).isTrue();
            assertThat(returning.next().at("/event/cursor").textValue()).isEqualTo(third);
        }
    }

    @Test
    void theFunctionIsThereAgainWhenRedisHasLostIt() throws IOException {
        try (var redis = RedisServer.startProcess(false);
                var gateway = GatewayProcess.start("quarkus.redis.hosts=" + redis.uri())) {
            assumeTrue(hasFunctions(redis), "functions came with Redis 7, this server is older");
            var backend = new GatewayHttp(gateway.httpUri());
            backend.publish("orders-1", "order.created", "{}");

            redis.kill();
            redis.startAgain();
            publishWhenRecovered(backend);

            try (var client = new RedisBackend(redis)) {
                await().atMost(RECOVERY_LIMIT)
                        .ignoreExceptionsInstanceOf(RedisBackend.Refused.class)
                        .untilAsserted(() -> assertThat(client.send(
                                        "FCALL", "heliograph_publish", "1", "orders-1", "order.updated", "{}"))
                                .isNotNull());
            }
        }
    }

    private static boolean hasFunctions(RedisServer redis) throws IOException {
        try (var client = new RedisBackend(redis)) {
            client.send("FUNCTION", "LIST");
            return true;
        } catch (RedisBackend.Refused unknownCommand) {
            return false;
        }
    }

    private static JsonNode events(GatewayHttp backend, String range) throws IOException {
        return new ObjectMapper().readTree(backend.get("/api/realtime/channels/orders-1/events?" + range));
    }

    private static String publishWhenRecovered(GatewayHttp backend) {
        String event = GatewayHttp.event("orders-1", "order.updated", "{}", "after-the-loss");
        return await().atMost(RECOVERY_LIMIT)
                .until(() -> backend.publish(event), answer -> answer.status() == 201)
                .body()
                .path("cursor")
                .textValue();
    }
}
