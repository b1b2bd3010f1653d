package dev.heliograph.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.log.Document;
import java.util.Comparator;

/** A change of a document that a client wants. */
public interface Edit {
    /** Whether it needs a document to change. */
    boolean needsDocument();

    /**
     * @param present null if there is no document
     * @return null if the document is to be deleted
     * @throws dev.heliograph.problem.ProblemException if it does not fit what is present
     */
    ObjectNode applyTo(ObjectNode present);

    /** As {@link #applyTo(ObjectNode)}; parses the document only if the edit depends on it. */
    default ObjectNode applyTo(Document present) {
        return applyTo(present == null ? null : DocumentJson.object(present.json()));
    }

    /** Whether the edit can have had this result, as far as that is known; null: no document was left. */
    default boolean mayLeave(ObjectNode result) {
        return result != null;
    }

    /**
     * Replaces the document, or creates it if there is none.
     *
     * @param text of one JSON object
     * @throws dev.heliograph.problem.ProblemException if it is anything else
     */
    static Edit replaceBy(byte[] text) {
        return new Whole(DocumentJson.object(text), false);
    }

    /** A JSON Patch (RFC 6902). Fails with {@code invalid-patch}, or as any JSON does. */
    static Edit jsonPatch(byte[] text) {
        return JsonPatch.read(text);
    }

    /** A JSON Merge Patch (RFC 7396). Fails with {@code invalid-patch}, or as any JSON does. */
    static Edit mergePatch(byte[] text) {
        return MergePatch.read(text);
    }

    static Edit delete() {
        return new Whole(null, true);
    }

    /** A change whose result does not depend on the present document. */
    record Whole(ObjectNode document, boolean needsDocument) implements Edit {
        @Override
        public ObjectNode applyTo(ObjectNode present) {
            return document;
        }

        @Override
        public ObjectNode applyTo(Document present) {
            return document;
        }

        @Override
        public boolean mayLeave(ObjectNode result) {
            // As written: to its writer 1.10 is not 1.1, which a patch takes for the same.
            return document == null
                    ? result == null
                    : document.equals(Comparator.comparing(JsonNode::toString), result);
        }
    }
}
