package dev.heliograph.log.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.impl.types.ErrorType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RedisGuardTest.Impatient.class)
class RedisGuardTest {
    private static final String READ = "quarkus.fault-tolerance.\"dev.heliograph.log.redis.RedisGuard/read\".";
    private static final String WRITE = "quarkus.fault-tolerance.\"dev.heliograph.log.redis.RedisGuard/write\".";

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int ROOM = 5;
    private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(30);

    private final AtomicInteger tries = new AtomicInteger();
    /** Of what takes too long: who gave it up does not free its place in the guard. */
    private final CompletableFuture<String> end = new CompletableFuture<>();

    @Inject
    RedisGuard guard;

    @Inject
    CircuitBreakerMaintenance circuits;

    /** The figures are read from the configuration: these differ from the packaged ones. */
    public static class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    WRITE + "retry.max-retries", "2",
                    WRITE + "retry.delay", "1",
                    WRITE + "retry.jitter", "0",
                    WRITE + "timeout.value", "1000",
                    WRITE + "bulkhead.value", "" + ROOM,
                    WRITE + "bulkhead.waiting-task-queue", "1",
                    READ + "retry.max-retries", "1",
                    READ + "retry.delay", "1",
                    READ + "retry.jitter", "0",
                    READ + "timeout.value", "300");
        }
    }

    /** The first calls make what all others use, which may take longer than a try may. */
    @BeforeEach
    void warmUpAndCloseCircuits() {
        Supplier<Uni<String>> command = () -> Uni.createFrom().item("warm");
        await().atMost(WARM_UP_LIMIT)
                .ignoreExceptions()
                .until(() -> guard.read(command).await().atMost(LIMIT).equals("warm")
                        && guard.write(command).await().atMost(LIMIT).equals("warm"));
        circuits.resetAll();
    }

    @AfterEach
    void freePlaces() {
        end.complete("done");
    }

    @Test
    void aFailureThatMayPassIsTriedAgain() {
        Uni<String> answer = guard.write(() -> tries.incrementAndGet() < 3
                ? failure(ProblemType.LOG_UNAVAILABLE)
                : Uni.createFrom().item("done"));

        assertThat(answer.await().atMost(LIMIT)).isEqualTo("done");
        assertThat(tries).hasValue(3);
    }

    @Test
    void afterTheLastTryTheFailureIsTold() {
        assertThatThrownBy(() -> run(() -> failure(ProblemType.LOG_UNAVAILABLE)))
                .isInstanceOf(ProblemException.class);
        assertThat(tries).hasValue(3);
    }

    @Test
    void aFailureThatWillNotPassIsNotTriedAgain() {
        assertThatThrownBy(() -> run(() -> failure(ProblemType.EVENT_TOO_LARGE)))
                .isInstanceOf(Uncounted.class)
                .hasCauseInstanceOf(ProblemException.class);
        assertThat(tries).hasValue(1);
    }

    @Test
    void permanentErrorOpensNoCircuit() {
        ErrorType refusal = ErrorType.create("WRONGTYPE Operation against a key holding the wrong kind of value");
        for (int i = 0; i < 40; i++) {
            assertThatThrownBy(() -> run(() -> Uni.createFrom().failure(refusal)))
                    .hasCause(refusal);
        }

        assertThat(tries).hasValue(40);
        assertThat(circuits.currentState("redis-writes")).isEqualTo(CircuitBreakerState.CLOSED);
        assertThat(run(() -> Uni.createFrom().item("another key"))).isEqualTo("another key");
    }

    @Test
    void misreadAnswerOpensNoCircuit() {
        for (int i = 0; i < 40; i++) {
            assertThatThrownBy(() -> run(() -> Uni.createFrom().failure(new NumberFormatException("x"))))
                    .hasCauseInstanceOf(NumberFormatException.class);
        }

        assertThat(tries).hasValue(40);
        assertThat(circuits.currentState("redis-writes")).isEqualTo(CircuitBreakerState.CLOSED);
    }

    @Test
    void overloadIsRetriedAndOpensNoCircuit() {
        List<ProblemType> told = IntStream.range(0, 40)
                .mapToObj(i -> typeOf(catchThrowable(() -> run(() -> failure(ProblemType.OVERLOADED)))))
                .toList();

        assertThat(told).containsOnly(ProblemType.OVERLOADED);
        assertThat(tries).hasValue(3 * 40);
        assertThat(circuits.currentState("redis-writes")).isEqualTo(CircuitBreakerState.CLOSED);
    }

    @Test
    void refusalOfFullGuardOpensNoCircuit() {
        for (int i = 0; i <= ROOM; i++) {
            guard.write(() -> Uni.createFrom().completionStage(end)).subscribe().with(item -> {}, failure -> {});
        }
        List<ProblemType> told = IntStream.range(0, 40)
                .mapToObj(i ->
                        typeOf(catchThrowable(() -> run(() -> Uni.createFrom().item("no room")))))
                .toList();

        assertThat(told).containsOnly(ProblemType.OVERLOADED);
        assertThat(tries).hasValue(0);
        assertThat(circuits.currentState("redis-writes")).isEqualTo(CircuitBreakerState.CLOSED);
    }

    @Test
    void aReadThatTakesTooLongIsGivenUp() {
        Uni<String> answer = guard.read(this::silence);

        assertThatThrownBy(() -> answer.await().atMost(LIMIT)).isInstanceOf(TimeoutException.class);
        assertThat(tries).hasValue(2);
    }

    @Test
    void aWriteThatTakesTooLongIsGivenUp() {
        Uni<String> answer = guard.write(this::silence);

        assertThatThrownBy(() -> answer.await().atMost(LIMIT)).isInstanceOf(TimeoutException.class);
        assertThat(tries).hasValue(3);
    }

    @Test
    void theCircuitOpensWhenMostTriesFailAndClosesAgain() {
        // A pause between two of these lets one try through, which fails and opens the circuit again.
        await().atMost(LIMIT).until(this::isLeftAlone);

        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            run(() -> Uni.createFrom().item("asked"));
            return circuits.currentState("redis-writes") == CircuitBreakerState.CLOSED;
        });
    }

    /** Whether a command that would fail is not even tried. */
    private boolean isLeftAlone() {
        int triedBefore = tries.get();
        Throwable failure = catchThrowable(() -> run(() -> failure(ProblemType.LOG_UNAVAILABLE)));
        return failure instanceof CircuitBreakerOpenException && tries.get() == triedBefore;
    }

    private Uni<String> silence() {
        tries.incrementAndGet();
        return Uni.createFrom().completionStage(end);
    }

    private <T> T run(Supplier<Uni<T>> command) {
        return guard.write(() -> {
                    tries.incrementAndGet();
                    return command.get();
                })
                .await()
                .atMost(LIMIT);
    }

    private static ProblemType typeOf(Throwable failure) {
        return ((ProblemException) RedisFailure.ofGuard(failure)).problem().type();
    }

    private static <T> Uni<T> failure(ProblemType type) {
        return Uni.createFrom().failure(ProblemException.of(type, "for this test"));
    }
}
