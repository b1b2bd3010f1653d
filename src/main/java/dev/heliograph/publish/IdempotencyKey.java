package dev.heliograph.publish;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.Publisher.Draft;
import java.util.List;
import java.util.regex.Pattern;

/** The request header by which the gateway recognises a repeat. */
public final class IdempotencyKey {
    public static final String HEADER = "Idempotency-Key";

    private static final Pattern LEGAL = Pattern.compile("[\\x20-\\x7E]{1,255}");

    private IdempotencyKey() {}

    /**
     * @param fields the values of all header fields of that name
     * @return null if there is none
     * @throws ProblemException {@code invalid-request} if there are several, or it is malformed
     */
    public static String read(List<String> fields) {
        if (fields.isEmpty()) {
            return null;
        }
        String key = fields.get(0);
        if (fields.size() > 1 || !LEGAL.matcher(key).matches()) {
            throw ProblemException.inField(
                    ProblemType.INVALID_REQUEST,
                    HEADER,
                    String.join(" and ", fields),
                    "1 to 255 printable ASCII characters, once");
        }
        return key;
    }

    /**
     * Returns the draft with the key of its request.
     *
     * @param key null if the request has none: the draft keeps its own
     */
    static Draft apply(String key, Draft draft) {
        return key == null ? draft : draft.withIdempotencyKey(key);
    }
}
