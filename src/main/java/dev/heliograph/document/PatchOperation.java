package dev.heliograph.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.Locale;
import java.util.Set;

/**
 * One operation of a JSON Patch (RFC 6902, section 4), well-formed.
 *
 * @param index its place in the patch
 * @param from null unless it moves or copies
 * @param value null unless it has one
 */
record PatchOperation(int index, Op op, Pointer path, Pointer from, JsonNode value) {
    /** The kinds of operations, and which members they need beside {@code path}. */
    private enum Op {
        ADD,
        REMOVE,
        REPLACE,
        MOVE,
        COPY,
        TEST;

        private static final Set<Op> WITH_FROM = Set.of(MOVE, COPY);
        private static final Set<Op> WITH_VALUE = Set.of(ADD, REPLACE, TEST);

        /** As a patch writes it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws ProblemException {@code invalid-patch}; members that the operation does not know are ignored, as it says */
    static PatchOperation read(int index, JsonNode written) {
        if (!(written instanceof ObjectNode object)) {
            throw ProblemException.inField(
                    ProblemType.INVALID_PATCH,
                    "[" + index + "]",
                    DocumentJson.text(written),
                    "an operation, which is an object");
        }
        Op op = op(index, text(index, object, "op"));
        Pointer path = pointer(index, object, "path");
        Pointer from = Op.WITH_FROM.contains(op) ? pointer(index, object, "from") : null;
        JsonNode value = Op.WITH_VALUE.contains(op) ? object.get("value") : null;
        if (value == null && Op.WITH_VALUE.contains(op)) {
            throw wrong(index, "value", null, "a JSON value");
        }
        if (op == Op.MOVE && path.isWithin(from)) {
            throw wrong(index, "path", path, "a place that is not within what is moved");
        }
        return new PatchOperation(index, op, path, from, value);
    }

    /**
     * @param draft has the document under the empty name
     * @return how many characters it copied
     * @throws ProblemException {@code patch-not-applicable}, or {@code invalid-document} if it would be too deep
     */
    int applyTo(JsonNode draft) {
        try {
            return apply(draft);
        } catch (Pointer.Misfit e) {
            throw refusal(
                    ProblemType.PATCH_NOT_APPLICABLE,
                    "the operation " + this + " does not fit the document: " + e.getMessage(),
                    e.field());
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

    private int apply(JsonNode draft) {
        switch (op) {
            case ADD -> path.add(draft, copy(value));
            case REPLACE -> path.replace(draft, copy(value));
            case REMOVE -> path.remove(draft);
            case MOVE -> move(draft);
            case COPY -> {
                JsonNode copy = copy(from.find(draft));
                path.add(draft, copy);
                return DocumentJson.text(copy).length();
            }
            case TEST -> test(path.find(draft));
            default -> throw new AssertionError(op);
        }
        return 0;
    }

    private void move(JsonNode draft) {
        if (path.text().equals(from.text())) {
            from.find(draft);
        } else {
            path.add(draft, from.remove(draft));
        }
    }

    private void test(JsonNode found) {
        if (!found.equals(value)) {
            throw refusal(
                    ProblemType.PATCH_NOT_APPLICABLE,
                    "the operation " + this + " does not fit the document: something else is there, expected its value",
                    field(index, "value"));
        }
    }

    /** Copies a value that is put into the document. A moved value is not searched each time: the patch checks the result. */
    private JsonNode copy(JsonNode put) {
        require(
                !DocumentJson.isDeeper(put, DocumentJson.MAX_DEPTH - path.depth()),
                "the document would be nested deeper than " + DocumentJson.MAX_DEPTH + " levels");
        return put.deepCopy();
    }

    private static Op op(int index, String written) {
        for (Op op : Op.values()) {
            if (op.toString().equals(written)) {
                return op;
            }
        }
        throw wrong(index, "op", written, "one of add, remove, replace, move, copy, test");
    }

    private static ProblemException refusal(ProblemType type, String detail, String field) {
        return new ProblemException(new Problem(type, detail, field, null));
    }

    private static Pointer pointer(int index, ObjectNode object, String member) {
        return Pointer.read(field(index, member), text(index, object, member));
    }

    private static String text(int index, ObjectNode object, String member) {
        JsonNode written = object.get(member);
        if (written != null && written.isTextual()) {
            return written.textValue();
        }
        throw wrong(index, member, written == null ? null : DocumentJson.text(written), "a string");
    }

    private static ProblemException wrong(int index, String member, Object value, String expected) {
        return ProblemException.inField(ProblemType.INVALID_PATCH, field(index, member), value, expected);
    }

    private static String field(int index, String member) {
        return "[" + index + "]." + member;
    }
}
