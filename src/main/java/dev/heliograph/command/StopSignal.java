package dev.heliograph.command;

import io.quarkus.logging.Log;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The handler of SIGTERM. The first one stops the node in good order, with exit code 0; a node that still starts does not begin
 * to listen. The second one ends the process at once, with the exit code of a process that the signal killed.
 */
final class StopSignal {
    // docs/decisions.md: SIGTERM ends with exit code 0
    private static final String NAME = "TERM";

    private static final int KILLED = 128;
    private static final AtomicBoolean IS_STOPPING = new AtomicBoolean();

    /** Takes the signal over from now on. */
    static void register() {
        var before = new AtomicReference<SignalHandler>();
        before.set(Signal.handle(new Signal(NAME), signal -> {
            if (LaunchMode.current() != LaunchMode.NORMAL) {
                before.get().handle(signal);
            } else if (IS_STOPPING.getAndSet(true)) {
                Runtime.getRuntime().halt(KILLED + signal.getNumber());
            } else {
                Log.info("The gateway stops, because SIGTERM has come");
                Quarkus.asyncExit(0);
            }
        }));
    }

    /**
     * Ends a start after the signal, before the HTTP server opens. Quarkus has forgotten a wish to stop that came before it began
     * to start the application.
     */
    void endStart(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) StartupEvent started) {
        if (IS_STOPPING.get()) {
            Quarkus.asyncExit(0);
            throw new PreventFurtherStepsException(0);
        }
    }
}
