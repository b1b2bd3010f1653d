package dev.heliograph.bench;

import dev.heliograph.fixture.Wire;
import dev.heliograph.rollout.Phase;
import dev.heliograph.rollout.Rollout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A rolling restart of two gateways under 2000 clients, a third each on WebSocket, event stream and long poll, and 500 events a
 * second: what is lost, what comes twice, how late it comes, and how the clients' returns are spread. A benchmark, not a test:
 * it asserts nothing and prints figures. Clients, backend, gateways and Redis share the machine.
 */
public final class RollingRestart {
    private static final int CLIENTS = 2000;
    private static final int CHANNELS = 100;
    private static final int EVENTS_PER_SECOND = 500;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration CALM = Duration.ofSeconds(10);

    private RollingRestart() {}

    /** @param arguments nothing, or the path of a binary that takes the place of both jars */
    public static void main(String... arguments) {
        Optional<Path> replacement = Stream.of(arguments).findFirst().map(Path::of);
        Rollout.Outcome outcome = new Rollout(CLIENTS, CHANNELS, EVENTS_PER_SECOND, WINDOW, CALM, replacement).run();

        System.out.printf("%-12s %10s %8s %8s %8s %6s%n", "phase", "deliveries", "p50 ms", "p99 ms", "most ms", "cuts");
        for (Phase phase : outcome.phases()) {
            System.out.printf(
                    "%-12s %10d %8.1f %8.1f %8.1f %6d%n",
                    phase.name(),
                    phase.deliveries(),
                    millis(phase.lag(0.5)),
                    millis(phase.lag(0.99)),
                    millis(phase.lag(1)),
                    phase.cuts());
        }
        System.out.printf(
                "CPU of both nodes before: %.1f us for each delivery%n",
                outcome.cpuBefore().toNanos()
                        / 1e3
                        / outcome.phases().stream()
                                .filter(phase -> phase.name().equals("before"))
                                .mapToLong(Phase::deliveries)
                                .sum());
        System.out.printf("lost %d, twice %d, %s%n", outcome.missing(), outcome.twice(), outcome.stops());
        System.out.println("In each tenth of the window, and after it:");
        outcome.phases().stream()
                .filter(phase -> phase.name().equals("node stops"))
                .forEach(RollingRestart::spread);
    }

    private static void spread(Phase drain) {
        for (Wire wire : Wire.values()) {
            System.out.println("told to move, " + wire + ": " + drain.toldByTenths(wire, WINDOW));
        }
        System.out.println("new connections: " + drain.comingsByTenths(WINDOW));
    }

    private static double millis(Duration lag) {
        return lag.toNanos() / 1e6;
    }
}
