package dev.heliograph.node;

import io.quarkus.logging.LoggingFilter;
import java.io.IOException;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Says in one line why the gateway does not start, where a key is at fault. Quarkus writes a trace, which hides the one line that
 * helps, and does not name the port that is taken. Any other failure keeps its trace.
 */
@LoggingFilter(name = "start-failures")
final class StartFailures implements Filter {
    private static final String LOGGER = "io.quarkus.runtime.Application";
    private static final Pattern KEY_FIRST = Pattern.compile("(heliograph|quarkus)\\.\\S+ is ");

    @Override
    public boolean isLoggable(LogRecord said) {
        if (LOGGER.equals(said.getLoggerName()) && said.getThrown() != null) {
            String reason = reason(said.getThrown());
            if (reason != null) {
                said.setThrown(null);
                said.setMessage("Failed to start: " + reason);
            }
        }
        return true;
    }

    /** Null if no key is known to be at fault. */
    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String words = String.valueOf(root.getMessage());
        if (root instanceof IOException && words.startsWith("bind(")) {
            Config config = ConfigProvider.getConfig();
            return "quarkus.http.host is " + value(config, "quarkus.http.host") + " and quarkus.http.port is "
                    + value(config, "quarkus.http.port") + ", where the gateway cannot listen ("
                    + words.substring(words.lastIndexOf(": ") + 2)
                    + "), expected an address of this machine and a port that is free";
        }
        return KEY_FIRST.matcher(words).lookingAt() ? words : null;
    }

    private static String value(Config config, String key) {
        return config.getConfigValue(key).getValue();
    }
}
