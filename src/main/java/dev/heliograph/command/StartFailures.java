package dev.heliograph.command;

import io.quarkus.logging.Log;
import io.smallrye.config.ConfigValidationException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Says in one line why the gateway does not start, where the configuration or the machine is at fault. Quarkus writes a trace, which
 * hides the one line that helps, or the value of a key, which may be a secret. Any other failure keeps its trace.
 */
final class StartFailures {
    // docs/decisions.md: A key at fault is told in one line at the start
    private static final Pattern KEY_FIRST = Pattern.compile("(heliograph|quarkus)\\.\\S+ is ");
    private static final Pattern UNCONVERTIBLE = Pattern.compile(
            "(?s).*The config property (\\S+) with the config value \"(.*)\" threw an Exception whilst being converted"
                    + " (?:SRCFG\\d+: )?(.*)");
    private static final Pattern UNKNOWN = Pattern.compile("SRCFG\\d+: (\\S+) in .* does not map to any root");
    private static final String REDIS_ADDRESS = "io.vertx.redis.client.impl.RedisURI";
    private static final String NO_DESCRIPTOR = "Too many open files";

    private StartFailures() {}

    /** Says why the application ended: in the log, or on the standard error if the configuration of the log is not read yet. */
    static void tell(Throwable failure) {
        String reason = reason(failure);
        if (reason == null) {
            Log.error("Failed to start", failure);
        } else if (root(failure) instanceof ConfigValidationException) {
            System.err.println("Failed to start: " + reason);
        } else {
            Log.errorf("Failed to start: %s", reason);
        }
    }

    /** Null if neither a key nor the machine is known to be at fault. */
    static String reason(Throwable failure) {
        Throwable root = root(failure);
        String words = String.valueOf(root.getMessage());
        if (words.contains(NO_DESCRIPTOR)) {
            return "the process may not open more files, expected a higher limit (ulimit -n, LimitNOFILE): "
                    + "beside one file for each connection it needs some 200 of its own";
        }
        if (root instanceof ConfigValidationException invalid) {
            return IntStream.range(0, invalid.getProblemCount())
                    .mapToObj(i -> problem(invalid.getProblem(i).getMessage()))
                    .distinct()
                    .collect(Collectors.joining("; "));
        }
        if (chain(failure).anyMatch(each -> "Unable to start HTTP server".equals(each.getMessage()))
                || words.startsWith("port must be ")) {
            return cannotListen(
                    failure, words.substring(words.lastIndexOf(": ") + 1).strip());
        }
        if (Stream.of(root.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(REDIS_ADDRESS))) {
            return "quarkus.redis.hosts is no address of Redis, expected redis://[[user]:password@]host:port,"
                    + " or rediss:// with TLS";
        }
        if (root instanceof FileSystemException unreadable) {
            return unreadable(unreadable);
        }
        return KEY_FIRST.matcher(words).lookingAt() ? words : null;
    }

    /** The value is never shown: whoever mistakes one key for another may have given a secret. */
    private static String problem(String words) {
        Matcher unconvertible = UNCONVERTIBLE.matcher(words);
        if (unconvertible.matches()) {
            String value = unconvertible.group(2);
            String why = unconvertible.group(3);
            return unconvertible.group(1) + " has a value that cannot be used (" + without(value, why) + ")";
        }
        Matcher unknown = UNKNOWN.matcher(words);
        if (unknown.matches()) {
            return unknown.group(1)
                    + " is no key of the gateway, expected one that docs/operations.md lists below All keys";
        }
        return words;
    }

    private static String without(String value, String why) {
        int got = why.indexOf(", got ");
        String first = got < 0 ? why : why.substring(0, got);
        int colon = first.indexOf(": ");
        // What follows a colon may be a part of the value.
        String head = colon < 0 ? first : first.substring(0, colon);
        return value.isEmpty() ? head : head.replace(value, "it");
    }

    private static String cannotListen(Throwable failure, String why) {
        boolean isManagement = chain(failure).anyMatch(each -> words(each).contains("management interface"));
        String root = isManagement ? "quarkus.management." : "quarkus.http.";
        Config config = ConfigProvider.getConfig();
        return root + "host is " + value(config, root + "host") + " and " + root + "port is "
                + value(config, root + "port") + ", where the gateway cannot listen (" + why
                + "), expected an address of this machine and a port that is free";
    }

    /** Null if no key names the file. */
    private static String unreadable(FileSystemException file) {
        Config config = ConfigProvider.getConfig();
        return StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(key -> key.startsWith("quarkus."))
                .filter(key -> file.getFile() != null && file.getFile().equals(value(config, key)))
                .findFirst()
                .map(key -> key + " is " + file.getFile() + ", which cannot be read ("
                        + file.getClass().getSimpleName() + "), expected a file that this user may read")
                .orElse(null);
    }

    private static String value(Config config, String key) {
        return config.getConfigValue(key).getValue();
    }

    private static String words(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    private static Throwable root(Throwable failure) {
        List<Throwable> all = chain(failure).toList();
        return all.get(all.size() - 1);
    }

    private static Stream<Throwable> chain(Throwable failure) {
        List<Throwable> all = new ArrayList<>();
        for (Throwable each = failure; each != null && !all.contains(each); each = each.getCause()) {
            all.add(each);
        }
        return all.stream();
    }
}
