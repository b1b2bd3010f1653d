package dev.heliograph.node;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * The handler of SIGTERM. The first one stops the node in good order, with exit code 0. The second one ends the process at
 * once, with the exit code of a process that the signal killed.
 */
final class StopSignal {
    // docs/decisions.md: SIGTERM ends with exit code 0
    private static final String NAME = "TERM";

    private static final int KILLED = 128;

    void register(@Observes StartupEvent startup, Drain drain) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            var isStopping = new AtomicBoolean();
            Signal.handle(new Signal(NAME), signal -> {
                if (isStopping.getAndSet(true)) {
                    Runtime.getRuntime().halt(KILLED + signal.getNumber());
                }
                drain.countTowardsDelay();
                Quarkus.asyncExit(0);
            });
        }
    }
}
