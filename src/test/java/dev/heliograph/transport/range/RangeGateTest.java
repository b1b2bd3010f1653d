package dev.heliograph.transport.range;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Few ranges are read at a time, few wait, and the rest are told so at once. */
@QuarkusTest
@TestProfile(RangeGateTest.Narrow.class)
class RangeGateTest {
    private static final String GATE = "quarkus.fault-tolerance.\"dev.heliograph.transport.range.RangeGate/pass\".";
    private static final String ADDRESS = "/api/realtime/channels/orders-gate/events";

    @Inject
    RangeGate gate;

    public static class Narrow implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    GATE + "bulkhead.value", "1",
                    GATE + "bulkhead.waiting-task-queue", "1",
                    GATE + "timeout.value", "60000");
        }
    }

    @Test
    void whoFindsTheQueueFullIsToldToComeBack() {
        var held = new AtomicReference<UniEmitter<? super String>>();
        CompletableFuture<String> running =
                gate.pass(() -> Uni.createFrom().<String>emitter(held::set)).subscribeAsCompletionStage();
        CompletableFuture<String> waiting =
                gate.pass(() -> Uni.createFrom().item("second")).subscribeAsCompletionStage();

        given().get(ADDRESS)
                .then()
                .statusCode(503)
                .header("Retry-After", equalTo("1"))
                .body("type", equalTo("urn:heliograph:problem:overloaded"));
        held.get().complete("first");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> running.join().equals("first") && waiting.join().equals("second"));
        given().get(ADDRESS).then().statusCode(200);
    }
}
