package dev.heliograph.latest;

import static dev.heliograph.wire.WireNames.PATTERN;
import static dev.heliograph.wire.WireNames.TYPE;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which latest events are to be forgotten.
 *
 * @param globs each is compared with {@code <channel>} and {@code <channel>:<type>}; {@code *} stands for any characters,
 *     {@code ?} for one
 */
record Invalidation(List<String> globs) {
    static final int MAX_PATTERN_CHARS = 256;

    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_\\-=@,.;:*?]{1," + MAX_PATTERN_CHARS + "}");

    Invalidation {
        globs = List.copyOf(globs);
    }

    static Invalidation all() {
        return new Invalidation(List.of("*"));
    }

    /** One key, see {@link #key}. */
    static Invalidation ofKey(Catalogue catalogue, String written) {
        return new Invalidation(List.of(key(catalogue, written)));
    }

    /** @throws ProblemException {@code invalid-request} if no name could match it */
    static Invalidation ofPattern(String pattern) {
        if (!LEGAL.matcher(pattern).matches()) {
            throw ProblemException.inField(
                    ProblemType.INVALID_REQUEST,
                    PATTERN,
                    pattern,
                    "1 to " + MAX_PATTERN_CHARS + " characters of A-Z a-z 0-9 _ - = @ , . ; : * ?");
        }
        return new Invalidation(List.of(pattern));
    }

    /**
     * Reads {@code <channel>:<type>}, or {@code <channel>} for all its types.
     *
     * @return the key as the globs have it
     * @throws ProblemException if there cannot be such a key
     */
    static String key(Catalogue catalogue, String written) {
        int colon = written.indexOf(':');
        Channel channel = catalogue.channel(colon < 0 ? written : written.substring(0, colon));
        if (colon < 0) {
            return channel.name();
        }
        String type = written.substring(colon + 1);
        catalogue.requireType(TYPE, catalogue.namespaceOf(channel), type);
        return channel.name() + ':' + type;
    }

    /** In time of at most the product of both lengths: after a mismatch only the last star is tried again. */
    static boolean matches(String glob, String name) {
        int g = 0;
        int lastStar = -1;
        int retryFrom = 0;
        int n = 0;
        while (n < name.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                lastStar = g++;
                retryFrom = n;
            } else if (g < glob.length() && (glob.charAt(g) == '?' || glob.charAt(g) == name.charAt(n))) {
                g++;
                n++;
            } else if (lastStar >= 0) {
                g = lastStar + 1;
                n = ++retryFrom;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }
}
