package dev.heliograph.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A new version is rolled out while clients listen and a backend publishes. {@code bench.RollingRestart} has more of both. */
@Timeout(300)
class RollingRestartIT {
    private static final Rollout ROLLOUT =
            new Rollout(150, 20, 50, Duration.ofSeconds(4), Duration.ofSeconds(1), Optional.empty());
    /** Of 25 or 50 clients on a wire. A slow machine may have sent some to the other node before. */
    private static final int LEAST = 10;

    @Test
    void everyClientMovesAndIsToldEachEventOnce() {
        Rollout.Outcome outcome = ROLLOUT.run();

        assertThat(outcome.missing()).as("missing").isZero();
        assertThat(outcome.twice()).as("twice").isZero();
        assertThat(outcome.stops()).hasSize(2).allSatisfy(stop -> assertThat(stop.exitCode())
                .isZero());
        List<Phase> drains = outcome.phases().stream()
                .filter(phase -> phase.name().equals("node stops"))
                .toList();
        assertThat(drains).hasSize(2).allSatisfy(RollingRestartIT::assertThatClientsWereToldOverTheWindow);
    }

    /** Polls are answered at once. */
    private static void assertThatClientsWereToldOverTheWindow(Phase drain) {
        for (Wire wire : List.of(Wire.WEB_SOCKET, Wire.SSE)) {
            List<Integer> tenths = drain.toldByTenths(wire, ROLLOUT.window());
            int all = tenths.stream().mapToInt(Integer::intValue).sum();
            assertThat(all).as("told over %s", wire).isGreaterThanOrEqualTo(LEAST);
            // Slowness only makes it later.
            assertThat(tenths.get(0))
                    .as("told at once, of %s over %s", tenths, wire)
                    .isLessThan(all);
        }
        assertThat(drain.toldByTenths(Wire.POLL, ROLLOUT.window()).stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isGreaterThanOrEqualTo(LEAST);
    }
}
