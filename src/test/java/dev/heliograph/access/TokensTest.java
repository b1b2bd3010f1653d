package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.ManualClock;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokensTest {
    private final ManualClock clock = new ManualClock();
    private final Tokens tokens = Tokens.of(JwtConfigs.of("secret", Jwts.SECRET), clock, new SimpleMeterRegistry())
            .orElseThrow();

    @AfterEach
    void close() {
        tokens.close();
    }

    @Test
    void answersKnownTokenAtOnceInThreadOfCaller() {
        String token = token();

        String first = threadOf(tokens.identity(token));
        String second = threadOf(tokens.identity(token));

        assertThat(first).isEqualTo("heliograph-tokens");
        assertThat(second).isEqualTo(Thread.currentThread().getName());
    }

    @Test
    void knowsNoTokenBeyondItsEnd() {
        String token = token();
        tokens.identity(token).await().atMost(Duration.ofSeconds(10));

        clock.advance(Duration.ofSeconds(70));

        assertThatThrownBy(() -> tokens.identity(token).await().atMost(Duration.ofSeconds(10)))
                .hasFieldOrPropertyWithValue("problem.type", ProblemType.TOKEN_EXPIRED);
    }

    @Test
    void refusesLongTokenBeforeItIsRead() {
        assertThatThrownBy(() -> tokens.identity("x".repeat(65_536)).await().atMost(Duration.ofSeconds(10)))
                .hasFieldOrPropertyWithValue("problem.type", ProblemType.INVALID_TOKEN)
                .hasMessage("the token has 65536 characters, expected at most 7168");
    }

    @Test
    void refusesShortSecretWithoutShowingIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokens.of(JwtConfigs.of("secret", "tiger"), clock, new SimpleMeterRegistry()))
                .withMessage("heliograph.access.jwt.secret is 5 bytes, expected 32 or more");
    }

    @Test
    void refusesMoreTokensThanMayWait() {
        var gate = new CountDownLatch(1);
        Clock closed = closedUntil(gate);
        try (var held = new Tokens(
                new TokenReader(JwtConfigs.of(), closed),
                new KeySource.Fixed(TokenKeys.ofSecret(Jwts.SECRET)),
                closed)) {
            var waiting = new ArrayList<CompletableFuture<Identity>>();
            CompletableFuture<Identity> last;
            do {
                last = held.identity(token()).subscribeAsCompletionStage();
                waiting.add(last);
            } while (!last.isDone() && waiting.size() < 10_000);

            assertThat(waiting).hasSizeBetween(8193, 9999);
            assertThat(last)
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .havingCause()
                    .hasFieldOrPropertyWithValue("problem.type", ProblemType.OVERLOADED)
                    .hasFieldOrPropertyWithValue("problem.retryAfter", Duration.ofSeconds(1));
            gate.countDown();
            waiting.remove(last);
            assertThat(waiting).allSatisfy(each -> assertThat(each).succeedsWithin(Duration.ofSeconds(20)));
        }
    }

    /** A clock that nobody can read until the gate is open. */
    private Clock closedUntil(CountDownLatch gate) {
        return new Clock() {
            @Override
            public Instant instant() {
                try {
                    gate.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
                return clock.instant();
            }

            @Override
            public ZoneId getZone() {
                return clock.getZone();
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return clock.withZone(zone);
            }
        };
    }

    private String token() {
        return Jwts.signed("{\"sub\":\"alice\",\"exp\":" + (clock.instant().getEpochSecond() + 60) + "}");
    }

    private static String threadOf(Uni<Identity> identity) {
        var thread = new AtomicReference<String>();
        identity.invoke(() -> thread.set(Thread.currentThread().getName()))
                .await()
                .atMost(Duration.ofSeconds(10));
        return thread.get();
    }
}
