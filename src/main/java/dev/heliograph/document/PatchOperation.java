package dev.heliograph.document;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;

/**
 * One operation of a JSON Patch (RFC 6902, section 4), well-formed.
 *
 * @param index its place in the patch
 * @param from null unless it moves or copies
 * @param value null unless it has one
 */
record PatchOperation(int index, String op, Pointer path, Pointer from, JsonValue value) {
    private static final List<String> OPS = List.of("add", "remove", "replace", "move", "copy", "test");
    private static final List<String> WITH_FROM = List.of("move", "copy");
    private static final List<String> WITH_VALUE = List.of("add", "replace", "test");

    /** @throws ProblemException {@code invalid-patch}; members that the operation does not know are ignored, as it says */
    static PatchOperation read(int index, JsonValue written) {
        if (!(written instanceof JsonObject object)) {
            throw ProblemException.inField(
                    ProblemType.INVALID_PATCH, "[" + index + "]", written, "an operation, which is an object");
        }
        String op = text(index, object, "op");
        if (!OPS.contains(op)) {
            throw wrong(index, "op", op, "one of " + String.join(", ", OPS));
        }
        Pointer path = pointer(index, object, "path");
        Pointer from = WITH_FROM.contains(op) ? pointer(index, object, "from") : null;
        JsonValue value = WITH_VALUE.contains(op) ? object.get("value") : null;
        if (value == null && WITH_VALUE.contains(op)) {
            throw wrong(index, "value", null, "a JSON value");
        }
        if (op.equals("move") && path.isWithin(from)) {
            throw wrong(index, "path", path, "a place that is not within what is moved");
        }
        return new PatchOperation(index, op, path, from, value);
    }

    /**
     * @return how many characters it copied
     * @throws ProblemException {@code patch-not-applicable}, or {@code invalid-document} if it would be too deep
     */
    int applyTo(PatchedDocument draft) {
        try {
            return apply(draft);
        } catch (PatchedDocument.Misfit e) {
            throw refusal(
                    ProblemType.PATCH_NOT_APPLICABLE,
                    "the operation " + this + " does not fit the document: " + e.getMessage(),
                    e.place().field());
        }
    }

    /** @throws ProblemException {@code invalid-document} if it does not hold */
    void require(boolean holds, String detail) {
        if (!holds) {
            throw refusal(ProblemType.INVALID_DOCUMENT, detail, path.field());
        }
    }

    @Override
    public String toString() {
        return "[" + index + "] " + op + " " + path;
    }

    private int apply(PatchedDocument draft) {
        switch (op) {
            case "add" -> draft.add(path, shallowEnough(value));
            case "replace" -> draft.replace(path, shallowEnough(value));
            case "remove" -> draft.remove(path);
            case "move" -> move(draft);
            case "copy" -> {
                JsonValue copy = PatchedDocument.frozen(shallowEnough(draft.find(from)));
                draft.add(path, copy);
                return copy.toString().length();
            }
            case "test" -> test(draft.find(path));
            default -> throw new AssertionError(op);
        }
        return 0;
    }

    private void move(PatchedDocument draft) {
        if (path.text().equals(from.text())) {
            draft.find(from);
        } else {
            draft.add(path, draft.remove(from));
        }
    }

    private void test(Object found) {
        if (!DocumentJson.same(found, value)) {
            throw refusal(
                    ProblemType.PATCH_NOT_APPLICABLE,
                    "the operation " + this + " does not fit the document: something else is there, expected its value",
                    field(index, "value"));
        }
    }

    /** What is moved is not looked at, as that might take long each time; the patch looks at what is left in the end. */
    private <T> T shallowEnough(T put) {
        require(
                !PatchedDocument.isDeeper(put, DocumentJson.MAX_DEPTH - path.depth()),
                "the document would be nested deeper than " + DocumentJson.MAX_DEPTH + " levels");
        return put;
    }

    private static ProblemException refusal(ProblemType type, String detail, String field) {
        return new ProblemException(new Problem(type, detail, field, null));
    }

    private static Pointer pointer(int index, JsonObject object, String member) {
        return Pointer.read(field(index, member), text(index, object, member));
    }

    private static String text(int index, JsonObject object, String member) {
        if (object.get(member) instanceof JsonString text) {
            return text.getString();
        }
        throw wrong(index, member, object.get(member), "a string");
    }

    private static ProblemException wrong(int index, String member, Object value, String expected) {
        return ProblemException.inField(ProblemType.INVALID_PATCH, field(index, member), value, expected);
    }

    private static String field(int index, String member) {
        return "[" + index + "]." + member;
    }
}
