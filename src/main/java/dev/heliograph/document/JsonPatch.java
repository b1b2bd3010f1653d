package dev.heliograph.document;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON Patch (RFC 6902). Applied one operation after the other by JSON-P's pointers, not by its patches: these tell
 * neither which operation failed nor whether it was malformed, and to their {@code test} 1.10 is not 1.1.
 */
final class JsonPatch implements Edit {
    static final String MEDIA_TYPE = "application/json-patch+json";

    /** Each operation copies what it goes through. */
    static final int MAX_OPERATIONS = 256;

    /** Copies of copies grow exponentially. */
    private static final int MAX_COPIED_BYTES = 4 * DocumentJson.MAX_BYTES;

    private final List<PatchOperation> operations;

    private JsonPatch(List<PatchOperation> operations) {
        this.operations = operations;
    }

    /** @throws ProblemException {@code invalid-patch} that names the operation, or as {@link DocumentJson#value} */
    static JsonPatch read(byte[] text) {
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
        JsonValue value = present;
        int copiedBytes = 0;
        for (PatchOperation operation : operations) {
            try {
                JsonValue put = operation.valueToPut(value);
                operation.requireDepth(put);
                copiedBytes += operation.isCopy() ? put.toString().length() : 0;
                operation.require(
                        copiedBytes <= MAX_COPIED_BYTES, "the patch copies more than " + MAX_COPIED_BYTES + " bytes");
                value = operation.applyTo(value, put);
            } catch (JsonException e) {
                throw new ProblemException(
                        new Problem(
                                ProblemType.PATCH_NOT_APPLICABLE,
                                "the operation " + operation + " does not fit the document: " + e.getMessage(),
                                operation.field("path"),
                                null),
                        e);
            }
        }
        if (value instanceof JsonObject document) {
            return document;
        }
        throw ProblemException.of(
                ProblemType.INVALID_DOCUMENT,
                value == null ? "the patch removes the document; use DELETE" : "the patch leaves no JSON object");
    }
}
