package dev.heliograph.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON Patch (RFC 6902): operations that are applied one after the other to a copy of the document, or not at all. Written
 * by hand because libraries do not say which operation failed.
 */
final class JsonPatch implements Edit {
    /** Bounds the work: each operation may move all elements of an array by one. */
    static final int MAX_OPERATIONS = 256;

    /** Bounds the memory: copies of copies grow exponentially. */
    private static final int MAX_COPIED_CHARS = 4 * DocumentJson.MAX_BYTES;

    private final List<PatchOperation> operations;

    private JsonPatch(List<PatchOperation> operations) {
        this.operations = operations;
    }

    /** @throws ProblemException {@code invalid-patch} that names the operation, or as {@link DocumentJson#value} */
    static JsonPatch read(byte[] text) {
        if (!(DocumentJson.value(text) instanceof ArrayNode patch)) {
            throw ProblemException.of(ProblemType.INVALID_PATCH, "the patch is not an array of operations");
        }
        if (patch.size() > MAX_OPERATIONS) {
            throw ProblemException.of(
                    ProblemType.INVALID_PATCH,
                    "the patch has " + patch.size() + " operations, expected at most " + MAX_OPERATIONS);
        }
        var operations = new ArrayList<PatchOperation>();
        for (int i = 0; i < patch.size(); i++) {
            operations.add(PatchOperation.read(i, patch.get(i)));
        }
        return new JsonPatch(operations);
    }

    @Override
    public boolean needsDocument() {
        return true;
    }

    @Override
    public ObjectNode applyTo(ObjectNode present) {
        ObjectNode draft = DocumentJson.NODES.objectNode().set("", present.deepCopy());
        int copiedChars = 0;
        for (PatchOperation operation : operations) {
            copiedChars += operation.applyTo(draft);
            operation.require(
                    copiedChars <= MAX_COPIED_CHARS, "the patch copies more than " + MAX_COPIED_CHARS + " characters");
        }
        return document(draft.get(""));
    }

    private static ObjectNode document(JsonNode left) {
        if (left != null && DocumentJson.isDeeper(left, DocumentJson.MAX_DEPTH)) {
            throw ProblemException.of(
                    ProblemType.INVALID_DOCUMENT,
                    "the patch leaves a document that is nested deeper than " + DocumentJson.MAX_DEPTH + " levels");
        }
        if (left instanceof ObjectNode document) {
            return document;
        }
        throw ProblemException.of(
                ProblemType.INVALID_DOCUMENT,
                left == null ? "the patch removes the document; use DELETE" : "the patch leaves no JSON object");
    }
}
