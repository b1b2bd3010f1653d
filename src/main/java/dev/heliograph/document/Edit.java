package dev.heliograph.document;

import dev.heliograph.log.Document;
import jakarta.json.JsonObject;
import java.util.Objects;

/** What a client wants to become of a document. */
public interface Edit {
    /** Whether it makes sense only where there is a document. */
    boolean needsDocument();

    /**
     * @param present null if there is no document
     * @return null if the document is to be deleted
     * @throws dev.heliograph.problem.ProblemException if it does not fit what is present
     */
    JsonObject applyTo(JsonObject present);

    /** As {@link #applyTo(JsonObject)}, of a document that is read only if it matters. */
    default JsonObject applyTo(Document present) {
        return applyTo(present == null ? null : DocumentJson.object(present.json()));
    }

    /** Whether it can have made this of some document, as far as that can be told; null: there was none after it. */
    default boolean mayLeave(JsonObject result) {
        return result != null;
    }

    /**
     * The document is replaced, or made if there is none.
     *
     * @param text of one JSON object
     * @throws dev.heliograph.problem.ProblemException if it is anything else
     */
    static Edit replaceBy(byte[] text) {
        return replaceBy(DocumentJson.object(text));
    }

    /** The document is replaced, or made if there is none. */
    static Edit replaceBy(JsonObject document) {
        return new Whole(document, false);
    }

    static Edit delete() {
        return new Whole(null, true);
    }

    /** What becomes of the document does not depend on what it was. */
    record Whole(JsonObject document, boolean needsDocument) implements Edit {
        @Override
        public JsonObject applyTo(JsonObject present) {
            return document;
        }

        @Override
        public JsonObject applyTo(Document present) {
            return document;
        }

        @Override
        public boolean mayLeave(JsonObject result) {
            return Objects.equals(document, result);
        }
    }
}
