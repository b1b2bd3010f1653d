package dev.heliograph.log.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Backoff backoff = new Backoff();

    @Test
    void growsUpToItsLimit() {
        for (long millis = 100; millis < LONGEST.toMillis(); millis *= 2) {
            assertThat(backoff.next()).isBetween(Duration.ofMillis(millis / 2), Duration.ofMillis(millis));
        }
        assertThat(backoff.next()).isBetween(LONGEST.dividedBy(2), LONGEST);
    }

    @Test
    void skipsOnePauseAfterAConnectionThatLasted() {
        backoff.skipFirst();

        assertThat(backoff.next()).isZero();
        assertThat(backoff.next()).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    }

    @Test
    void skipsNoPauseAfterAConnectionThatDidNotLast() {
        backoff.skipFirst();
        backoff.next();

        backoff.reset();

        assertThat(backoff.next()).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    }
}
