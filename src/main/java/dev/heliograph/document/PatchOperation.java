package dev.heliograph.document;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonPointer;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One operation of a JSON Patch (RFC 6902, section 4), well-formed.
 *
 * @param index its place in the patch
 * @param from null unless it moves or copies
 * @param value null unless it has one
 */
record PatchOperation(int index, String op, String path, String from, JsonValue value) {
    private static final int SHOWN_CHARS = 80;
    private static final Pattern PADDED = Pattern.compile("/0[0-9]+(?=/|$)");
    private static final List<String> OPS = List.of("add", "remove", "replace", "move", "copy", "test");
    private static final List<String> WITH_FROM = List.of("move", "copy");
    private static final List<String> WITH_VALUE = List.of("add", "replace", "test");

    /** @throws ProblemException {@code invalid-patch}; members that the operation does not know are ignored, as it says */
    static PatchOperation read(int index, JsonValue written) {
        if (!(written instanceof JsonObject object)) {
            throw ProblemException.inField(
                    ProblemType.INVALID_PATCH, "[" + index + "]", shown(written), "an operation, which is an object");
        }
        String op = text(index, object, "op");
        if (!OPS.contains(op)) {
            throw wrong(index, "op", op, "one of " + String.join(", ", OPS));
        }
        String path = pointer(index, object, "path");
        String from = WITH_FROM.contains(op) ? pointer(index, object, "from") : null;
        JsonValue value = WITH_VALUE.contains(op) ? object.get("value") : null;
        if (value == null && WITH_VALUE.contains(op)) {
            throw wrong(index, "value", null, "a JSON value");
        }
        if (op.equals("move") && path.startsWith(from + '/')) {
            throw wrong(index, "path", path, "a place that is not within what is moved");
        }
        return new PatchOperation(index, op, path, from, value);
    }

    /**
     * What it will put at its path, or compare with what is there.
     *
     * @throws JsonException if there is nothing at {@code from}
     */
    JsonValue valueToPut(JsonValue document) {
        return from == null ? value : find(from, document);
    }

    /**
     * @param put {@link #valueToPut}
     * @return null if it removes the whole document
     * @throws JsonException if the document has not what it needs
     */
    JsonValue applyTo(JsonValue document, JsonValue put) {
        return switch (op) {
            case "add", "copy" -> add(document, put);
            case "replace" -> path.isEmpty() ? put : in(document, path).replace(structure(document), put);
            case "remove" -> remove(path, document);
            case "move" -> path.equals(from) ? document : add(remove(from, document), put);
            case "test" -> tested(document);
            default -> throw new AssertionError(op);
        };
    }

    boolean isCopy() {
        return op.equals("copy");
    }

    /** Refuses to put something so deep that documents could not be read again. */
    void requireDepth(JsonValue put) {
        int depth = (int) path.chars().filter(c -> c == '/').count();
        require(
                depth + (put == null ? 0 : depthOf(put)) <= DocumentJson.MAX_DEPTH,
                "the document would be nested deeper than " + DocumentJson.MAX_DEPTH + " levels");
    }

    /** @throws ProblemException {@code invalid-document} if it does not hold */
    void require(boolean holds, String detail) {
        if (!holds) {
            throw new ProblemException(new Problem(ProblemType.INVALID_DOCUMENT, detail, field("path"), null));
        }
    }

    /** Its member's name in a problem. */
    String field(String member) {
        return "[" + index + "]." + member;
    }

    @Override
    public String toString() {
        return op + " " + cut(path);
    }

    private JsonValue add(JsonValue document, JsonValue put) {
        return path.isEmpty() ? put : in(document, path).add(structure(document), put);
    }

    private static JsonValue remove(String pointer, JsonValue document) {
        return pointer.isEmpty() ? null : in(document, pointer).remove(structure(document));
    }

    private JsonValue tested(JsonValue document) {
        JsonValue found = find(path, document);
        if (!DocumentJson.same(found, value)) {
            throw ProblemException.inField(
                    ProblemType.PATCH_NOT_APPLICABLE,
                    field("value"),
                    value,
                    "what is at " + path + ", " + shown(found));
        }
        return document;
    }

    private static JsonValue find(String pointer, JsonValue document) {
        return pointer.isEmpty() ? document : in(document, pointer).getValue(structure(document));
    }

    private static JsonPointer in(JsonValue document, String pointer) {
        requireNoPaddedIndex(structure(document), pointer);
        return DocumentJson.JSON.createPointer(pointer);
    }

    /** JSON-P takes 01 for an index, which RFC 6901, section 4 does not. Members may have such names. */
    private static void requireNoPaddedIndex(JsonStructure document, String pointer) {
        Matcher padded = PADDED.matcher(pointer);
        while (padded.find()) {
            String container = pointer.substring(0, padded.start());
            if (container.isEmpty()
                    ? document instanceof JsonArray
                    : DocumentJson.JSON.createPointer(container).getValue(document) instanceof JsonArray) {
                throw new JsonException("an index begins with 0");
            }
        }
    }

    /** An operation before may have put something else in the place of the document. */
    private static JsonStructure structure(JsonValue document) {
        if (document instanceof JsonStructure structure) {
            return structure;
        }
        throw new JsonException("there is no object or array any more");
    }

    private static int depthOf(JsonValue value) {
        int below = 0;
        if (value instanceof JsonObject object) {
            below = 1
                    + object.values().stream()
                            .mapToInt(PatchOperation::depthOf)
                            .max()
                            .orElse(0);
        } else if (value instanceof JsonArray array) {
            below = 1 + array.stream().mapToInt(PatchOperation::depthOf).max().orElse(0);
        }
        return below;
    }

    private static String pointer(int index, JsonObject object, String member) {
        String pointer = text(index, object, member);
        boolean isLegal = pointer.isEmpty() || pointer.startsWith("/");
        for (int at = pointer.indexOf('~'); at >= 0 && isLegal; at = pointer.indexOf('~', at + 1)) {
            isLegal = pointer.startsWith("0", at + 1) || pointer.startsWith("1", at + 1);
        }
        if (!isLegal) {
            throw wrong(index, member, pointer, "a JSON Pointer such as /items/0/name");
        }
        return pointer;
    }

    private static String text(int index, JsonObject object, String member) {
        if (object.get(member) instanceof JsonString text) {
            return text.getString();
        }
        throw wrong(index, member, shown(object.get(member)), "a string");
    }

    private static ProblemException wrong(int index, String member, Object value, String expected) {
        return ProblemException.inField(ProblemType.INVALID_PATCH, "[" + index + "]." + member, value, expected);
    }

    private static String shown(JsonValue value) {
        return value == null ? null : cut(value.toString());
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "...";
    }
}
