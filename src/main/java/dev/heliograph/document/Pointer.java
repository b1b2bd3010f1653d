package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.json.JsonText;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.List;

/**
 * A JSON Pointer (RFC 6901) that a patch has, cut at its slashes. The first of its reference tokens is always empty and
 * stands for the whole document.
 *
 * @param field the patch's member that has it, as a problem names it
 */
record Pointer(String field, String text, List<String> tokens) {
    private static final int SHOWN_CHARS = 80;

    /** @throws ProblemException {@code invalid-patch} if it is none, or names what no document can have */
    static Pointer read(String field, String text) {
        boolean isLegal = text.isEmpty() || text.startsWith("/");
        for (int at = text.indexOf('~'); at >= 0 && isLegal; at = text.indexOf('~', at + 1)) {
            isLegal = text.startsWith("0", at + 1) || text.startsWith("1", at + 1);
        }
        List<String> tokens = List.of(text.split("/", -1));
        if (!isLegal
                || tokens.stream()
                        .anyMatch(token -> unescaped(token).getBytes(UTF_8).length > JsonText.MAX_NAME_BYTES)) {
            throw ProblemException.inField(
                    ProblemType.INVALID_PATCH,
                    field,
                    text,
                    "a JSON Pointer such as /items/0/name, with names of at most " + JsonText.MAX_NAME_BYTES
                            + " bytes");
        }
        return new Pointer(field, text, tokens);
    }

    /** In how many objects and arrays its place is. */
    int depth() {
        return tokens.size() - 1;
    }

    /** The name or index at a depth. */
    String token(int depth) {
        return unescaped(tokens.get(depth));
    }

    boolean isWithin(Pointer other) {
        return text.startsWith(other.text + '/');
    }

    /** Its beginning down to a depth, for people. */
    String shown(int depth) {
        return depth == 0 ? "the document" : cut(String.join("/", tokens.subList(0, depth + 1)));
    }

    @Override
    public String toString() {
        return cut(text);
    }

    private static String unescaped(String token) {
        return token.replace("~1", "/").replace("~0", "~");
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "...";
    }
}
