package dev.heliograph.transport.ws;

import static dev.heliograph.fixture.GatewayHttp.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is published over HTTP is pushed over the WebSocket, each event once. */
class BatchAndHttpIT {
    private static GatewayProcess gateway;
    private static GatewayHttp backend;

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start();
        backend = new GatewayHttp(gateway.httpUri());
    }

    @AfterAll
    static void endGateway() {
        gateway.close();
    }

    @Test
    void repeatedEventIsPushedOnce() throws IOException {
        try (var client = WsClient.connect(gateway.port())) {
            client.subscribe("orders-1");
            client.next();
            String event = event("orders-1", "order.created", "{\"total\":12.30}", "order-1-created");

            GatewayHttp.Answer first = backend.publish(event);
            GatewayHttp.Answer second = backend.publish(event);
            backend.publish("orders-1", "order.updated", "{}");

            assertThat(second.body()).isEqualTo(first.body());
            assertThat(client.next().at("/event/cursor")).isEqualTo(first.body().path("cursor"));
            assertThat(client.next().at("/event/type").textValue()).isEqualTo("order.updated");
        }
    }

    @Test
    void badElementOfABatchLeavesTheOthersAlone() throws IOException {
        try (var client = WsClient.connect(gateway.port())) {
            client.subscribe("orders-2");
            client.next();

            JsonNode results = backend.publishBatch(List.of(
                            event("orders-2", "order.created", "{\"n\":1}"),
                            event("orders-2", "order.lost", "{\"n\":2}"),
                            event("orders-2", "order.updated", "{\"n\":3}")))
                    .body()
                    .path("results");

            assertThat(results.at("/1/error/type").textValue()).endsWith(":unknown-type");
            assertThat(results.at("/1/error/field").textValue()).isEqualTo("events[1].type");
            assertThat(client.next().at("/event/cursor")).isEqualTo(results.at("/0/cursor"));
            assertThat(client.next().at("/event/data/n").intValue()).isEqualTo(3);
        }
    }
}
