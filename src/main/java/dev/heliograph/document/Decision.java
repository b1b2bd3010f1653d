package dev.heliograph.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.document.Documents.Write;
import dev.heliograph.log.Document;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;

/**
 * The document that a write leaves, if the present one is still there then.
 *
 * @param present the document that it replaces; null if there is none
 * @param json null to delete the document
 * @param isMerged whether it has changes of others that the writer did not know
 */
record Decision(Document present, byte[] json, boolean isMerged) {
    /**
     * Decides what a write leaves of the present document.
     *
     * @param base looked up only if the condition does not hold
     * @param present null if there is no document
     * @return fails with {@code precondition-failed}, which has the conflicts, or as the edit does
     * @throws ProblemException {@code no-document}, {@code precondition-required}, or as the edit does
     */
    static Uni<Decision> make(Write write, Edit edit, Uni<Base> base, Document present) {
        if (present == null && edit.needsDocument()) {
            throw Documents.noDocument(write.channel());
        }
        if (present != null && write.condition().kind() == Condition.Kind.NONE) {
            throw ProblemException.inField(
                    ProblemType.PRECONDITION_REQUIRED,
                    Condition.IF_MATCH,
                    null,
                    "the ETag of the version that is to be changed, since there is a document");
        }
        if (write.condition().allows(present)) {
            return Uni.createFrom().item(of(present, edit.applyTo(present), false));
        }
        ObjectNode theirs = present == null ? null : DocumentJson.object(present.json());
        return base.map(known -> {
            Reconciliation found = reconcile(write, edit, known, present, theirs);
            if (!write.merges() || !found.isMergeable()) {
                throw found.problem(write.condition());
            }
            return of(present, found.merge().document(), true);
        });
    }

    /** @throws ProblemException {@code document-too-large} */
    static Decision of(Document present, ObjectNode next, boolean isMerged) {
        return new Decision(present, next == null ? null : DocumentJson.write(next), isMerged);
    }

    private static Reconciliation reconcile(Write write, Edit edit, Base base, Document present, ObjectNode theirs) {
        boolean isOnBase = base.isKnown() && (base.document() != null || !edit.needsDocument());
        try {
            return Reconciliation.of(base, present, theirs, edit.applyTo(isOnBase ? base.document() : theirs));
        } catch (ProblemException unfit) {
            if (write.merges() && isOnBase) {
                throw unfit;
            }
            // The condition comes before the content (RFC 9110, section 13.2.1).
            return Reconciliation.ofUnfit(base, present, theirs);
        }
    }
}
