package dev.heliograph.node;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * Sees each line of the console before it is written. The first one chooses the format, because a filter is all that Quarkus takes
 * from an application before it logs.
 */
@LoggingFilter(name = "console")
final class ConsoleFilter implements Filter {
    // docs/decisions.md: A small formatter of our own writes the log as JSON
    private final OpenFiles openFiles = new OpenFiles();

    private volatile boolean hasFormat;

    @Override
    public boolean isLoggable(LogRecord said) {
        if (!hasFormat) {
            chooseFormat();
        }
        return openFiles.isWorthSaying(said);
    }

    private synchronized void chooseFormat() {
        if (!hasFormat) {
            hasFormat = true;
            if (isJson()) {
                writeJson(InitialConfigurator.DELAYED_HANDLER);
            }
        }
    }

    /** The console may be inside of a handler that writes asynchronously. */
    private static void writeJson(ExtHandler outer) {
        for (Handler each : outer.getHandlers()) {
            if (each instanceof ConsoleHandler console) {
                console.setFormatter(new JsonLines());
            } else if (each instanceof ExtHandler inner) {
                writeJson(inner);
            }
        }
    }

    /** Not by the mapping, which is missing if the start fails before the configuration is read. */
    private static boolean isJson() {
        return ConfigProvider.getConfig()
                .getOptionalValue("heliograph.logging.json", Boolean.class)
                .orElse(false);
    }
}
