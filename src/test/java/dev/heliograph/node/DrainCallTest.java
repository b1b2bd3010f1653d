package dev.heliograph.node;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.WsClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** An operator takes a node out, and ends it later. */
@QuarkusTest
@TestProfile(DrainCallTest.OwnManagementPort.class)
class DrainCallTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration WINDOW = Duration.ofSeconds(3);
    private static final int CLIENTS = 30;
    private static final Executor ONE_FOR_EACH = task -> new Thread(task).start();

    @TestHTTPResource("/")
    URI clientsPort;

    @TestHTTPResource(value = "/", management = true)
    URI managementPort;

    public static final class OwnManagementPort implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.management.enabled",
                    "true",
                    "quarkus.management.test-port",
                    "0",
                    "heliograph.session.drain-window",
                    WINDOW.toSeconds() + "s",
                    "quarkus.shutdown.delay",
                    WINDOW.toSeconds() + 1 + "s");
        }
    }

    @Test
    void callMovesClientsAndNodeGoesOnServing() throws IOException {
        List<WsClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(WsClient.connect(clientsPort.getPort()));
            clients.get(i).subscribe("orders-1");
            clients.get(i).next();
        }
        given().post(clientsPort.resolve("/q/drain")).then().statusCode(404);
        await().atMost(LIMIT).untilAsserted(() -> get("/q/health/ready").statusCode(200));

        long begin = System.nanoTime();
        given().post(managementPort.resolve("/q/drain")).then().statusCode(202);

        List<CompletableFuture<Long>> told = clients.stream()
                .map(each -> CompletableFuture.supplyAsync(() -> toldAtNanos(each), ONE_FOR_EACH))
                .toList();
        get("/q/health/ready")
                .statusCode(503)
                .body("checks.find { it.name == 'takes clients' }.status", equalTo("DOWN"));
        get("/q/health/live").statusCode(200);
        assertThatThrownBy(() -> WsClient.connect(clientsPort.getPort())).hasMessageContaining(" 503 ");
        long last = told.stream().mapToLong(CompletableFuture::join).max().orElseThrow();
        assertThat(last - begin).isGreaterThan(WINDOW.dividedBy(3).toNanos());

        get("/q/drain").statusCode(202);

        String cursor = new GatewayHttp(clientsPort).publish("orders-1", "order.updated", "{}");
        given().get(clientsPort.resolve("/api/realtime/poll?channel=orders-1&wait=55&cursor=" + cursor))
                .then()
                .statusCode(304)
                .header("Connection", equalTo("close"));
        get("/q/health/live").statusCode(200);
    }

    private ValidatableResponse get(String path) {
        return given().get(managementPort.resolve(path)).then();
    }

    private static long toldAtNanos(WsClient client) {
        try (client) {
            assertThat(client.next().at("/closing/code").intValue()).isEqualTo(4000);
            return System.nanoTime();
        }
    }
}
