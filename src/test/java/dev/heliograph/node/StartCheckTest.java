package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartCheckTest {
    private static final String INTERVAL = "heliograph.session.ping-interval";
    private static final String PROBE = "heliograph.redis.probe-interval";
    private static final String GUARD = "dev.heliograph.log.redis.RedisGuard/read";

    @ParameterizedTest
    @CsvSource({"PT1S, PT75S", "PT74S, PT75S", "PT2M, PT0S"})
    void acceptsIntervalShorterThanIdleTimeout(Duration interval, Duration idleTimeout) {
        assertThatCode(() -> StartCheck.requireInTime(INTERVAL, interval, idleTimeout))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"PT0.999S, PT75S", "PT0S, PT0S", "PT75S, PT75S", "PT2M, PT75S"})
    void refusesIntervalOutOfItsRangeByName(Duration interval, Duration idleTimeout) {
        assertThatThrownBy(() -> StartCheck.requireInTime(INTERVAL, interval, idleTimeout))
                .hasMessageContainingAll(INTERVAL + " is " + interval, "quarkus.http.idle-timeout");
    }

    @ParameterizedTest
    @CsvSource({"PT12S, PT30S", "PT29.999S, PT30S", "PT2M, PT0S"})
    void acceptsSilenceShorterThanIdleTimeout(Duration longestSilence, Duration idleTimeout) {
        assertThatCode(() -> StartCheck.requireHeard(PROBE, Duration.ofSeconds(5), longestSilence, idleTimeout))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"PT30S, PT30S", "PT32S, PT30S"})
    void aProbeThatComesTooLateIsRefusedByName(Duration longestSilence, Duration idleTimeout) {
        assertThatThrownBy(() -> StartCheck.requireHeard(PROBE, Duration.ofSeconds(15), longestSilence, idleTimeout))
                .hasMessageContainingAll(
                        PROBE + " is PT15S", "for " + longestSilence, "quarkus.redis.tcp.idle-timeout, which is PT30S");
    }

    @ParameterizedTest
    @CsvSource({"PT0S, PT0S", "PT0S, PT1S", "PT20S, PT20.001S"})
    void acceptsDrainWindowThatEndsBeforeTheDelay(Duration window, Duration delay) {
        assertThatCode(() -> StartCheck.requireBeforeEnd(window, delay)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"PT1S, PT1S", "PT1S, PT0S", "PT-1S, PT1S"})
    void refusesDrainWindowThatDoesNot(Duration window, Duration delay) {
        assertThatThrownBy(() -> StartCheck.requireBeforeEnd(window, delay))
                .hasMessageContainingAll(
                        "heliograph.session.drain-window is " + window, "quarkus.shutdown.delay, which is " + delay);
    }

    @Test
    void refusesHiddenFailoverByName() {
        assertThatCode(() -> StartCheck.refuseAutoFailover(false)).doesNotThrowAnyException();
        assertThatThrownBy(() -> StartCheck.refuseAutoFailover(true))
                .hasMessageContaining("quarkus.redis.auto-failover is true");
    }

    @Test
    void aTryThatOutlastsItsCommandIsAccepted() {
        assertThatCode(() -> StartCheck.requireLonger(GUARD, Duration.ofMillis(2500), Duration.ofSeconds(2)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"PT2.5S, PT10S", "PT2S, PT2S"})
    void aTryThatEndsBeforeItsCommandIsRefusedByName(Duration tryTimeout, Duration commandTimeout) {
        assertThatThrownBy(() -> StartCheck.requireLonger(GUARD, tryTimeout, commandTimeout))
                .hasMessageContainingAll(GUARD, " is " + tryTimeout, "heliograph.redis.timeout");
    }

    @Test
    void theLastTryEndsWhileTheLogStillKnowsTheFirst() {
        assertThatCode(() -> StartCheck.requireTriesEnd(GUARD, Duration.ofSeconds(27), Duration.ofMillis(2500)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"PT27.5S, PT2.5S", "PT5S, PT30S", "PT0S, PT2.5S"})
    void triesThatMayGoOnForLongerAreRefusedByName(Duration maxDuration, Duration tryTimeout) {
        assertThatThrownBy(() -> StartCheck.requireTriesEnd(GUARD, maxDuration, tryTimeout))
                .hasMessageContainingAll(
                        GUARD, "retry.max-duration is " + maxDuration, "timeout.value is " + tryTimeout, "PT30S");
    }
}
