package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.JsonText;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A JSON Pointer (RFC 6901) of a patch, and the changes at its place. It is cut at its slashes. The first token is always
 * empty and stands for the whole document, so each method takes an object that has the document under the empty name. The
 * methods throw {@link Misfit} if the document has no such place.
 *
 * @param field the patch's member that has it, as a problem names it
 */
record Pointer(String field, String text, List<String> tokens) {
    /** RFC 6901, section 4: ASCII digits, no leading zero. More than nine are beyond any array. */
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

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

    boolean isWithin(Pointer other) {
        return text.startsWith(other.text + '/');
    }

    JsonNode find(JsonNode top) {
        return child(container(top), depth());
    }

    void add(JsonNode top, JsonNode value) {
        JsonNode container = container(top);
        String last = token(depth());
        if (container instanceof ArrayNode elements) {
            int end = elements.size();
            elements.insert(last.equals("-") ? end : index(depth(), end, ", or -"), value);
        } else if (container instanceof ObjectNode members) {
            members.set(last, value);
        } else {
            throw noContainer(depth());
        }
    }

    void replace(JsonNode top, JsonNode value) {
        JsonNode container = container(top);
        child(container, depth());
        if (container instanceof ArrayNode elements) {
            elements.set(Integer.parseInt(token(depth())), value);
        } else {
            ((ObjectNode) container).set(token(depth()), value);
        }
    }

    /** @return the value that was there */
    JsonNode remove(JsonNode top) {
        JsonNode container = container(top);
        child(container, depth());
        return container instanceof ArrayNode elements
                ? elements.remove(Integer.parseInt(token(depth())))
                : ((ObjectNode) container).remove(token(depth()));
    }

    @Override
    public String toString() {
        return cut(text);
    }

    /** The value around the place; perhaps no object or array. */
    private JsonNode container(JsonNode top) {
        JsonNode container = top;
        for (int depth = 0; depth < depth(); depth++) {
            container = child(container, depth);
        }
        return container;
    }

    private JsonNode child(JsonNode container, int depth) {
        if (container instanceof ArrayNode elements) {
            return elements.get(index(depth, elements.size() - 1, ""));
        }
        if (!container.isObject()) {
            throw noContainer(depth);
        }
        JsonNode child = container.get(token(depth));
        if (child == null) {
            throw new Misfit(this, shown(depth) + " is not there, expected a place that has a value");
        }
        return child;
    }

    private int index(int depth, int last, String otherwise) {
        String token = token(depth);
        if (INDEX.matcher(token).matches() && Integer.parseInt(token) <= last) {
            return Integer.parseInt(token);
        }
        String expected = last < 0
                ? " is an empty array, expected one that has elements"
                : " is an array, expected an index from 0 to " + last + otherwise;
        throw new Misfit(this, shown(depth - 1) + expected);
    }

    private Misfit noContainer(int depth) {
        return new Misfit(this, shown(depth - 1) + " has nothing within it, expected an object or an array");
    }

    /** The name or index at a depth. */
    private String token(int depth) {
        return unescaped(tokens.get(depth));
    }

    /** Its beginning down to a depth, for people. */
    private String shown(int depth) {
        return depth == 0 ? "the document" : cut(String.join("/", tokens.subList(0, depth + 1)));
    }

    private static String unescaped(String token) {
        return token.replace("~1", "/").replace("~0", "~");
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "...";
    }

    /** The document has no such place. The message, for people, has nothing of what is in the document. */
    static final class Misfit extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String field;

        Misfit(Pointer place, String message) {
            super(message, null, false, false);
            this.field = place.field;
        }

        /** The patch's member at fault. */
        String field() {
            return field;
        }
    }
}
