package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisServer;
import dev.heliograph.fixture.WsClient;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two nodes on one Redis with different namespaces, as while a new version with one more is rolled out. */
class OtherNamespacesIT {
    private static final String PARCELS = "heliograph.namespaces.parcels.types=parcel.sent";
    private static final String ARCHIVED = "heliograph.namespaces.orders.types=order.created,order.archived";

    @Test
    void nodeIsNotHarmedByNamespacesAndTypesThatItDoesNotKnow() throws Exception {
        try (var redis = RedisServer.start();
                var old = node(redis);
                var next = node(redis, PARCELS, ARCHIVED);
                var client = WsClient.connect(old.port())) {
            var oldHttp = new GatewayHttp(old.httpUri());
            var nextHttp = new GatewayHttp(next.httpUri());
            client.subscribe("orders-1");
            client.next();

            nextHttp.publish("parcels-1", "parcel.sent", "{}");
            for (String body : List.of("{\"keys\":[\"parcels-1\"]}", "{\"pattern\":\"parcels-*\"}", "{\"all\":true}")) {
                assertThat(forget(next, body)).isEqualTo(204);
            }
            nextHttp.publish("orders-1", "order.archived", "{}");

            assertThat(client.next().at("/event/type").textValue()).isEqualTo("order.archived");
            assertThat(oldHttp.publish(GatewayHttp.event("parcels-1", "parcel.sent", "{}"))
                            .body()
                            .at("/detail")
                            .textValue())
                    .contains("parcels");

            assertThat(next.stop()).isZero();

            oldHttp.publish("orders-1", "order.created", "{}");
            assertThat(client.next().at("/event/type").textValue()).isEqualTo("order.created");
            assertThat(old.output()).doesNotContain("parcel", "order.archived", " ERROR ", "\tat ");
            assertThat(next.output()).doesNotContain(" ERROR ", "\tat ");
        }
    }

    private static GatewayProcess node(RedisServer redis, String... options) {
        return GatewayProcess.start(Stream.concat(Stream.of("quarkus.redis.hosts=" + redis.uri()), Stream.of(options))
                .toArray(String[]::new));
    }

    private static int forget(GatewayProcess node, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(node.httpUri().resolve("/api/realtime/cache/invalidate"))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }
}
