package dev.heliograph.access;

import static dev.heliograph.fuzz.Parser.require;

import dev.heliograph.event.Action;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.Keys;
import dev.heliograph.fuzz.Parser;
import dev.heliograph.problem.ProblemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is fuzzed of this package. */
public final class AccessParsers {
    private static final Set<String> KNOWN_KEYS = Set.of(Keys.NOTHING, Keys.ORDERS, Keys.ADMIN);
    private static final ApiKeys KEYS = ApiKeys.of(KNOWN_KEYS.stream()
            .collect(Collectors.toMap(key -> key.split("_")[1], key -> new KeyConfig(ApiKeys.hashOf(key)))));

    /** A key that is granted nothing. */
    private record KeyConfig(
            String sha256,
            Optional<List<String>> subscribe,
            Optional<List<String>> publish,
            Optional<List<String>> read,
            Optional<List<String>> write,
            Optional<List<String>> presence,
            boolean admin)
            implements AccessConfig.KeyConfig {
        KeyConfig(String sha256) {
            this(
                    sha256,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false);
        }
    }

    private AccessParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofLines(
                        "patterns",
                        AccessParsers::readPatterns,
                        "bob\norders-1\norders-*\norders\norders.*",
                        "bob\nnotes-bob-7\nnotes-{sub}-*\nnotes-{sub}",
                        "a-b\nnotes-a-b\nnotes-{sub}\nnotes-x-{sub}",
                        "bob\norders-1/../finance\norders-%2D*\nORDERS-*",
                        "bob\norders-eu-1\norders-eu*\nfinance-\n"),
                Parser.ofText(
                        "api key", AccessParsers::readKey, Keys.ORDERS, Keys.ADMIN, "hgk_orders_" + "x".repeat(43)),
                Parser.ofText(
                        "caller",
                        AccessParsers::readChannel,
                        "orders-1",
                        "orders",
                        "orders.*",
                        "finance-1",
                        "nothing-1",
                        "orders-1/../finance"));
    }

    /** The lines are a subject, a channel and patterns. A refusal must say what would be right. */
    private static void readPatterns(List<String> lines) {
        String subject = lines.get(0);
        List<String> written = lines.subList(Math.min(2, lines.size()), lines.size());
        Patterns patterns;
        try {
            patterns = Patterns.of(written, subject);
        } catch (IllegalArgumentException refused) {
            require(refused.getMessage().contains("expected"), "a refusal says what is expected", refused.getMessage());
            throw new Parser.Refused();
        }

        var names = new ArrayList<>(List.of("orders", "orders-", "orders-1", "ordersx-1", "finance", "finance-1"));
        names.add("notes-" + subject);
        names.add("notes-" + subject + "-1");
        names.add("notes-" + subject + "x-1");
        names.addAll(lines);
        for (String name : names) {
            Channel channel;
            try {
                channel = new Channel(name);
            } catch (ProblemException none) {
                continue;
            }
            boolean expected = written.stream().anyMatch(pattern -> names(pattern, subject, name));
            require(patterns.name(channel) == expected, "patterns name what the model names: " + expected, name);
        }
    }

    /** Whether a pattern names a channel: slow and obvious. */
    private static boolean names(String pattern, String subject, String channel) {
        String[] parts = pattern.split("-", -1);
        if (parts.length == 1) {
            return pattern.endsWith(".*") ? (channel + ".*").equals(pattern) : channel.startsWith(pattern + "-");
        }
        for (int i = 1; i < parts.length; i++) {
            parts[i] = parts[i].equals("{sub}") ? subject : parts[i];
        }
        String named = String.join("-", Arrays.asList(parts));
        return named.endsWith("*") ? channel.startsWith(named.substring(0, named.length() - 1)) : channel.equals(named);
    }

    private static void readKey(String written) {
        Identity identity = KEYS.identity(written);

        require(KNOWN_KEYS.contains(written), "only known keys pass", written);
        require(written.startsWith("hgk_" + identity.key() + "_"), "a key has its own identity", identity);
    }

    private static void readChannel(String written) {
        for (Action action : Action.values()) {
            Parser.requireGranted(Parser.CALLER.channel(written, action));
        }
    }
}
