package dev.heliograph.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.heliograph.http.EntityTag;
import dev.heliograph.log.Document;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A write that met another version than it expected, and what might be done.
 *
 * @param present null if there is no document
 * @param theirs the document that is present, as a value; null if there is none
 * @param yours what the writer wanted; null if it was to delete the document, or if that cannot be told
 * @param merge null if it cannot be told what the writer wanted
 */
record Reconciliation(Base base, Document present, ObjectNode theirs, ObjectNode yours, ThreeWayMerge merge) {
    /** How many conflicts a writer is told of, and how many merged members. */
    private static final int MAX_TOLD = 1000;

    /** No further one is told after so many in the pointers of those before it. */
    private static final int MAX_POINTER_CHARS = 64 * 1024;

    static Reconciliation of(Base base, Document present, ObjectNode theirs, ObjectNode yours) {
        ThreeWayMerge merge = base.isKnown()
                ? ThreeWayMerge.of(base.document(), theirs, yours)
                : ThreeWayMerge.withoutBase(theirs, yours);
        return new Reconciliation(base, present, theirs, yours, merge);
    }

    /** The writer's patch does not fit what is known of the document. */
    static Reconciliation ofUnfit(Base base, Document present, ObjectNode theirs) {
        return new Reconciliation(base, present, theirs, null, null);
    }

    /** Whether both sides' changes can be had in one document. */
    boolean isMergeable() {
        return base.isKnown() && merge != null && !merge.hasConflicts() && merge.document() != null;
    }

    /** What the writer is told when it is not merged. */
    ProblemException problem(Condition condition) {
        String field = condition.kind() == Condition.Kind.ABSENT ? "If-None-Match" : Condition.IF_MATCH;
        return new ProblemException(
                new Problem(ProblemType.PRECONDITION_FAILED, Condition.refusal(present), field, null).hints(hints()));
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
        List<ThreeWayMerge.Conflict> conflicts = merge.conflicts();
        List<String> pointers =
                pointers(conflicts.stream().map(ThreeWayMerge.Conflict::place).toList());
        List<String> merged = pointers(merge.merged());
        hints.put(
                "conflicts",
                IntStream.range(0, pointers.size())
                        .mapToObj(i -> members(pointers.get(i), conflicts.get(i)))
                        .toList());
        hints.put("merged", merged);
        if (pointers.size() < conflicts.size() || merged.size() < merge.merged().size()) {
            hints.put("truncated", true);
        }
        var proposals = new LinkedHashMap<String, Object>();
        proposals.put("optimistic", raw(yours));
        proposals.put("server", raw(theirs));
        proposals.put("merge", raw(merge.document()));
        hints.put("proposals", proposals);
        return hints;
    }

    /** To the first of the places: each may be as long as the document, so all would be as long as its square. */
    private static List<String> pointers(List<ThreeWayMerge.Place> places) {
        var pointers = new ArrayList<String>();
        int chars = 0;
        for (int i = 0; i < Math.min(places.size(), MAX_TOLD) && chars < MAX_POINTER_CHARS; i++) {
            pointers.add(places.get(i).pointer());
            chars += pointers.get(i).length();
        }
        return pointers;
    }

    private static Map<String, Object> members(String pointer, ThreeWayMerge.Conflict conflict) {
        var members = new LinkedHashMap<String, Object>();
        members.put("pointer", pointer);
        putIfThere(members, "base", conflict.base());
        putIfThere(members, "theirs", conflict.theirs());
        putIfThere(members, "yours", conflict.yours());
        return members;
    }

    private static void putIfThere(Map<String, Object> members, String name, JsonNode value) {
        if (value != null) {
            members.put(name, raw(value));
        }
    }

    /** As it would be kept, whoever writes the problem; null for what is not there. */
    private static RawValue raw(JsonNode value) {
        return value == null ? null : new RawValue(DocumentJson.text(value));
    }
}
