package dev.heliograph.command;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the gateway, or runs a command if there are arguments. */
@QuarkusMain
public final class Main {
    // docs/decisions.md: Commands are in the gateway's own jar
    public static void main(String... arguments) {
        if (arguments.length == 0) {
            StopSignal.register();
            Quarkus.run(null, Main::end);
        } else {
            System.exit(Commands.run(System.out, System.err, arguments));
        }
    }

    private static void end(int exitCode, Throwable failure) {
        if (failure != null) {
            StartFailures.tell(failure);
        }
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(exitCode, failure);
    }
}
