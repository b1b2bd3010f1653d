package dev.heliograph.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;

/**
 * The check that no escape of JSON text writes half a surrogate pair, which is no Unicode character (RFC 7493, section
 * 2.1). Many readers could not read it.
 */
final class WholeCharacters {
    /** {@code \\u} and four digits. */
    private static final int ESCAPE_BYTES = 6;

    private static final int HEXADECIMAL = 16;

    private WholeCharacters() {}

    /**
     * @param json well-formed, in UTF-8
     * @throws ProblemException {@code invalid-request} that names the first half
     */
    static void require(byte[] json) {
        for (int i = 0; i < json.length; i++) {
            if (json[i] != '\\') {
                continue;
            }
            if (json[i + 1] != 'u') {
                i++;
                continue;
            }
            char unit = unit(json, i);
            if (Character.isHighSurrogate(unit) && isLowSurrogate(json, i + ESCAPE_BYTES)) {
                i += ESCAPE_BYTES;
            } else if (Character.isSurrogate(unit)) {
                throw ProblemException.of(
                        ProblemType.INVALID_REQUEST,
                        "byte " + i + " begins half a surrogate pair (" + new String(json, i, ESCAPE_BYTES, US_ASCII)
                                + "), expected both halves of a Unicode character, or its UTF-8");
            }
            i += ESCAPE_BYTES - 1;
        }
    }

    private static boolean isLowSurrogate(byte[] json, int at) {
        return json[at] == '\\' && json[at + 1] == 'u' && Character.isLowSurrogate(unit(json, at));
    }

    private static char unit(byte[] json, int at) {
        return (char) Integer.parseInt(new String(json, at + 2, ESCAPE_BYTES - 2, US_ASCII), HEXADECIMAL);
    }
}
