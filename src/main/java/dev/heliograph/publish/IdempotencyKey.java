package dev.heliograph.publish;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
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

    /** The key of a request, null if it has none; an empty one, which {@code @HeaderParam} would hide, is refused. */
    static String in(HttpHeaders headers) {
        List<String> keys = headers.getRequestHeader(HEADER);
        String key = keys == null || keys.isEmpty() ? null : keys.get(0);
        check(key);
        return key;
    }

    /** The draft under the key of its request; its own if that has none. */
    static Draft apply(String key, Draft draft) {
        return key == null ? draft : draft.withIdempotencyKey(key);
    }
}
