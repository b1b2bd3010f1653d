package dev.heliograph.document;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import jakarta.json.JsonObject;

/** A JSON Merge Patch (RFC 7396): members that take the place of those of the same name, {@code null} for their end. */
public record MergePatch(JsonObject patch) implements Edit {
    public static final String MEDIA_TYPE = "application/merge-patch+json";

    /** @throws ProblemException if it is no object: it would make the document something else than one */
    public static MergePatch read(byte[] text) {
        if (DocumentJson.value(text) instanceof JsonObject patch) {
            return new MergePatch(patch);
        }
        throw ProblemException.of(
                ProblemType.INVALID_PATCH, "the merge patch is not a JSON object, so it would leave no document");
    }

    @Override
    public boolean needsDocument() {
        return true;
    }

    @Override
    public JsonObject applyTo(JsonObject present) {
        return DocumentJson.JSON.createMergePatch(patch).apply(present).asJsonObject();
    }
}
