package dev.heliograph.publish;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.regex.Pattern;

/** The request header by which a client tells that it repeats itself. */
public final class IdempotencyKey {
    public static final String HEADER = "Idempotency-Key";

    private static final Pattern LEGAL = Pattern.compile("[\\x20-\\x7E]{1,255}");

    private IdempotencyKey() {}

    /** @param key as the header has it; null if there is none */
    public static void check(String key) {
        if (key != null && !LEGAL.matcher(key).matches()) {
            throw ProblemException.inField(
                    ProblemType.INVALID_REQUEST, HEADER, key, "1 to 255 printable ASCII characters");
        }
    }

    /**
     * The draft under the key of its request.
     *
     * @param key null if the request has none: the draft keeps its own
     */
    public static Draft apply(String key, Draft draft) {
        return key == null ? draft : draft.withIdempotencyKey(key);
    }
}
