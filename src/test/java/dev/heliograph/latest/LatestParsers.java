package dev.heliograph.latest;

import static dev.heliograph.fuzz.Parser.CATALOGUE;
import static dev.heliograph.fuzz.Parser.require;

import dev.heliograph.fuzz.Parser;
import java.util.List;

/** What is fuzzed of this package. */
public final class LatestParsers {
    private static final InvalidationReader READER = new InvalidationReader(CATALOGUE);
    private static final String LEGAL_GLOB = "[A-Za-z0-9_=@,.;:*?-]{1,300}";

    private LatestParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofBytes(
                        "invalidation",
                        LatestParsers::read,
                        "{\"keys\":[\"orders-1\",\"finance-1:payment.received\"]}",
                        "{\"pattern\":\"orders-*:order.updated\"}",
                        "{\"all\":true}"),
                Parser.ofText("invalidation key", LatestParsers::readKey, "orders-1:order.updated", "finance-1"),
                Parser.ofLines(
                        "glob",
                        LatestParsers::match,
                        "orders-*:order.?pdated\norders-1:order.updated",
                        "*a*a*a*b\naaaaaa"));
    }

    private static void read(byte[] text) {
        requireLegal(READER.read(text));
    }

    private static void readKey(String written) {
        Invalidation key = Invalidation.ofKey(CATALOGUE, written);

        requireLegal(key);
        String named = written.replaceFirst("^([^-:]*)\\.\\*", "$1");
        require(key.globs().equals(List.of(named)), "a key stays as it is, but for .*", written);
    }

    private static void requireLegal(Invalidation invalidation) {
        require(!invalidation.globs().isEmpty(), "something is forgotten", invalidation);
        require(
                invalidation.globs().stream().allMatch(glob -> glob.matches(LEGAL_GLOB)),
                "only legal characters pass",
                invalidation);
    }

    /** Compared with a table of what the beginnings of both match. */
    private static void match(List<String> lines) {
        String glob = Invalidation.ofPattern(lines.get(0)).globs().get(0);
        String name = lines.size() > 1 ? cut(lines.get(1)) : "";

        boolean[][] matches = new boolean[glob.length() + 1][name.length() + 1];
        matches[0][0] = true;
        for (int g = 1; g <= glob.length(); g++) {
            char c = glob.charAt(g - 1);
            for (int n = 0; n <= name.length(); n++) {
                boolean isOne = n > 0 && (c == '?' || c == name.charAt(n - 1)) && matches[g - 1][n - 1];
                matches[g][n] = c == '*' ? matches[g - 1][n] || n > 0 && matches[g][n - 1] : isOne;
            }
        }

        require(
                Invalidation.matches(glob, name) == matches[glob.length()][name.length()],
                "a glob matches as the table says",
                lines);
    }

    private static String cut(String name) {
        return name.substring(0, Math.min(name.length(), 300));
    }
}
