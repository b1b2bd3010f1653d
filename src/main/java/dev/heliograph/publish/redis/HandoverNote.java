package dev.heliograph.publish.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A message between nodes in Redis while one of them stops.
 *
 * @param from token of the sending node
 * @param to token of the receiving node; {@link #NOBODY} if it is for all
 * @param namespaces the subject of the note
 */
record HandoverNote(Kind kind, String from, String to, Set<String> namespaces) {
    static final String NOBODY = "-";
    private static final int WORDS = 4;

    enum Kind {
        /** I stop: which node can listen in my place? */
        LEAVING,
        /** I listen already, and wait for the cut. */
        READY,
        /** The messages before this one are mine, the messages after it are yours. */
        CUT,
        /** All of my messages are appended, and the leases are yours. */
        YOURS
    }

    HandoverNote {
        namespaces = Set.copyOf(namespaces);
    }

    /** Empty if this release does not know the note. */
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
