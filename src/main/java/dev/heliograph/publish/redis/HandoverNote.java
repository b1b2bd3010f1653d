package dev.heliograph.publish.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A line that one node publishes for the others while it leaves.
 *
 * @param from token of the node that says it
 * @param to token of the one that it is for; {@link #NOBODY} if for all
 * @param namespaces that it is about
 */
record HandoverNote(Kind kind, String from, String to, Set<String> namespaces) {
    static final String NOBODY = "-";
    private static final int WORDS = 4;

    enum Kind {
        /** I stop: who can hear in my place? */
        LEAVING,
        /** I hear already, and wait for the cut. */
        READY,
        /** What came before this is mine, what comes after it is yours. */
        CUT,
        /** All of mine is appended, and the leases are yours. */
        YOURS
    }

    HandoverNote {
        namespaces = Set.copyOf(namespaces);
    }

    /** Empty if it is none that this release knows. */
    static Optional<HandoverNote> read(byte[] text) {
        List<String> words = List.of(new String(text, StandardCharsets.US_ASCII).split(" "));
        if (words.size() != WORDS) {
            return Optional.empty();
        }
        return List.of(Kind.values()).stream()
                .filter(kind -> kind.name().equals(words.get(0)))
                .findFirst()
                .map(kind -> new HandoverNote(
                        kind,
                        words.get(1),
                        words.get(2),
                        Set.copyOf(List.of(words.get(3).split(",")))));
    }

    String text() {
        return kind + " " + from + " " + to + " " + String.join(",", new TreeSet<>(namespaces));
    }
}
