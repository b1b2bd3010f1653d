package dev.heliograph.document;

import com.fasterxml.jackson.databind.util.RawValue;
import dev.heliograph.http.EntityTag;
import dev.heliograph.log.Document;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A write that met another version than it expected, and what might be done.
 *
 * @param present null if there is no document
 * @param theirs the document that is present, as a value; null if there is none
 * @param yours what the writer wanted; null if it was to delete the document, or if that cannot be told
 * @param merge null if it cannot be told what the writer wanted
 */
record Reconciliation(Base base, Document present, JsonObject theirs, JsonObject yours, ThreeWayMerge merge) {
    static Reconciliation of(Base base, Document present, JsonObject theirs, JsonObject yours) {
        ThreeWayMerge merge = base.isKnown()
                ? ThreeWayMerge.of(base.document(), theirs, yours)
                : ThreeWayMerge.withoutBase(theirs, yours);
        return new Reconciliation(base, present, theirs, yours, merge);
    }

    /** The writer's patch does not fit what is known of the document. */
    static Reconciliation ofUnfit(Base base, Document present, JsonObject theirs) {
        return new Reconciliation(base, present, theirs, null, null);
    }

    /** Whether both sides' changes can be had in one document. */
    boolean isMergeable() {
        return base.isKnown() && merge != null && !merge.hasConflicts() && merge.document() != null;
    }

    /** What the writer is told when it is not merged. */
    ProblemException problem(Condition condition) {
        String field = condition.kind() == Condition.Kind.ABSENT ? "If-None-Match" : Condition.IF_MATCH;
        String found = present == null ? "there is no document" : "the document is at version " + present.version();
        return new ProblemException(
                new Problem(ProblemType.PRECONDITION_FAILED, found + ", which the request rules out", field, null)
                        .hints(hints()));
    }

    private Map<String, Object> hints() {
        var hints = new LinkedHashMap<String, Object>();
        hints.put("current", raw(theirs));
        if (present != null) {
            hints.put("etag", EntityTag.of(present.version().cursor()));
        }
        hints.put("base", base.fate().name().toLowerCase(Locale.ROOT));
        if (merge == null) {
            hints.put("conflicts", List.of());
            hints.put("merged", List.of());
            hints.put("proposals", Map.of("server", raw(theirs)));
            return hints;
        }
        hints.put(
                "conflicts",
                merge.conflicts().stream().map(Reconciliation::members).toList());
        hints.put("merged", merge.merged());
        var proposals = new LinkedHashMap<String, Object>();
        proposals.put("optimistic", raw(yours));
        proposals.put("server", raw(theirs));
        proposals.put("merge", raw(merge.document()));
        hints.put("proposals", proposals);
        return hints;
    }

    private static Map<String, Object> members(ThreeWayMerge.Conflict conflict) {
        var members = new LinkedHashMap<String, Object>();
        members.put("pointer", conflict.pointer());
        putIfThere(members, "base", conflict.base());
        putIfThere(members, "theirs", conflict.theirs());
        putIfThere(members, "yours", conflict.yours());
        return members;
    }

    private static void putIfThere(Map<String, Object> members, String name, JsonValue value) {
        if (value != null) {
            members.put(name, raw(value));
        }
    }

    /** As text, so that no other library's numbers touch it; null for what is not there. */
    private static RawValue raw(JsonValue value) {
        return value == null ? null : new RawValue(value.toString());
    }
}
