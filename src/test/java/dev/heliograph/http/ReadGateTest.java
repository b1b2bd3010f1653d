package dev.heliograph.http;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Few ranges, and documents of polls, are read at a time, few wait, and the rest are told so at once. */
@QuarkusTest
@TestProfile(ReadGateTest.Narrow.class)
class ReadGateTest {
    private static final String GATE = "quarkus.fault-tolerance.\"dev.heliograph.http.ReadGate/pass\".";
    private static final String RANGE = "/api/realtime/channels/orders-gate/events";
    private static final String POLL = "/api/realtime/poll?channel=orders-gate&document=true";

    /** As if it were asked for in an hour, so that a slow machine does not make it too late. */
    private static final long NEVER_TOO_LATE =
            System.nanoTime() + Duration.ofHours(1).toNanos();

    @Inject
    ReadGate gate;

    public static class Narrow implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    GATE + "bulkhead.value", "1",
                    GATE + "bulkhead.waiting-task-queue", "1");
        }
    }

    @Test
    void fullQueueAnswersOverloaded() {
        var held = new AtomicReference<UniEmitter<? super String>>();
        CompletableFuture<String> running = gate.pass(
                        NEVER_TOO_LATE, () -> Uni.createFrom().<String>emitter(held::set))
                .subscribeAsCompletionStage();
        CompletableFuture<String> waiting =
                gate.pass(NEVER_TOO_LATE, () -> Uni.createFrom().item("second")).subscribeAsCompletionStage();

        for (String address : List.of(RANGE, POLL)) {
            problem(given().get(address), 503, "overloaded").header("Retry-After", equalTo("1"));
        }
        held.get().complete("first");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> running.join().equals("first") && waiting.join().equals("second"));
        given().get(RANGE).then().statusCode(200);
        given().get(POLL).then().statusCode(200);
    }

    @Test
    void cancelledAnswerIsNotRead() {
        var isRead = new AtomicBoolean();
        long asked = System.nanoTime() - ReadGate.PATIENCE.toNanos();

        Throwable failure = catchThrowable(() -> gate.pass(asked, () -> {
                    isRead.set(true);
                    return Uni.createFrom().item("too late");
                })
                .await()
                .atMost(Duration.ofSeconds(20)));

        assertThat(failure)
                .asInstanceOf(type(ProblemException.class))
                .extracting(told -> told.problem().type())
                .isEqualTo(ProblemType.OVERLOADED);
        assertThat(isRead).isFalse();
    }

    @Test
    void slowReadIsGivenUpAsTimeout() {
        var isCancelled = new AtomicBoolean();
        long asked = System.nanoTime()
                - ReadGate.PATIENCE.toNanos()
                + Duration.ofSeconds(3).toNanos();

        Throwable failure = catchThrowable(() -> gate.pass(
                        asked, () -> Uni.createFrom().nothing().onCancellation().invoke(() -> isCancelled.set(true)))
                .await()
                .atMost(Duration.ofSeconds(20)));

        assertThat(ReadGate.toProblem(failure))
                .asInstanceOf(type(ProblemException.class))
                .extracting(told -> told.problem().type())
                .isEqualTo(ProblemType.LOG_TIMEOUT);
        assertThat(isCancelled).isTrue();
    }
}
