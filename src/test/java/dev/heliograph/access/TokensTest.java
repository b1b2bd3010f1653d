package dev.heliograph.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.ManualClock;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokensTest {
    private final ManualClock clock = new ManualClock();
    private final Tokens tokens =
            Tokens.of(JwtConfigs.of("secret", Jwts.SECRET), clock).orElseThrow();

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
                .isThrownBy(() -> Tokens.of(JwtConfigs.of("secret", "tiger"), clock))
                .withMessage("heliograph.access.jwt.secret is 5 bytes, expected 32 or more");
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
