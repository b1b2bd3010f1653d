package dev.heliograph.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;

/** A JSON Merge Patch (RFC 7396): its members replace those of the same name, {@code null} removes them. */
record MergePatch(ObjectNode patch) implements Edit {
    /** @throws ProblemException if it is no object: it would make the document something else than one */
    static MergePatch read(byte[] text) {
        if (DocumentJson.value(text) instanceof ObjectNode patch) {
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
    public ObjectNode applyTo(ObjectNode present) {
        return merge(present, patch);
    }

    /** Changes neither of the two; the result shares values with both. */
    private static ObjectNode merge(JsonNode target, ObjectNode patch) {
        ObjectNode merged = DocumentJson.NODES.objectNode();
        if (target instanceof ObjectNode members) {
            merged.setAll(members);
        }
        patch.forEachEntry((name, value) -> {
            if (value.isNull()) {
                merged.remove(name);
            } else {
                merged.set(name, value instanceof ObjectNode inner ? merge(merged.get(name), inner) : value);
            }
        });
        return merged;
    }
}
