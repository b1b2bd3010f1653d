package dev.heliograph.document;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON Patch (RFC 6902). Applied one operation after the other to a {@link PatchedDocument}, not by JSON-P's patches and pointers:
 * these copy the document for each operation, and tell neither which one failed nor whether it was malformed.
 */
public final class JsonPatch implements Edit {
    public static final String MEDIA_TYPE = "application/json-patch+json";

    /** Each may move all elements of an array by one. */
    static final int MAX_OPERATIONS = 256;

    /** Copies of copies grow exponentially. */
    private static final int MAX_COPIED_CHARS = 4 * DocumentJson.MAX_BYTES;

    private final List<PatchOperation> operations;

    private JsonPatch(List<PatchOperation> operations) {
        this.operations = operations;
    }

    /** @throws ProblemException {@code invalid-patch} that names the operation, or as {@link DocumentJson#value} */
    public static JsonPatch read(byte[] text) {
        if (!(DocumentJson.value(text) instanceof JsonArray patch)) {
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
    public JsonObject applyTo(JsonObject present) {
        var draft = new PatchedDocument(present);
        int copiedChars = 0;
        for (PatchOperation operation : operations) {
            copiedChars += operation.applyTo(draft);
            operation.require(
                    copiedChars <= MAX_COPIED_CHARS, "the patch copies more than " + MAX_COPIED_CHARS + " characters");
        }
        return document(draft.document());
    }

    private static JsonObject document(Object left) {
        if (PatchedDocument.isDeeper(left, DocumentJson.MAX_DEPTH)) {
            throw ProblemException.of(
                    ProblemType.INVALID_DOCUMENT,
                    "the patch leaves a document that is nested deeper than " + DocumentJson.MAX_DEPTH + " levels");
        }
        if (PatchedDocument.frozen(left) instanceof JsonObject document) {
            return document;
        }
        throw ProblemException.of(
                ProblemType.INVALID_DOCUMENT,
                left == null ? "the patch removes the document; use DELETE" : "the patch leaves no JSON object");
    }
}
