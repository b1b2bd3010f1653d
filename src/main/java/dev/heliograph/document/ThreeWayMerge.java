package dev.heliograph.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The result of merging the changes that two sides made to one base. Objects are merged member by member; all other values
 * change as a whole. {@code null} is a value, and differs from a member that is not there. A change is in conflict if the
 * other side changed the same value to something different or deleted it; the same change on both sides is no conflict. If
 * the base is unknown, every difference between the two is a conflict. Numbers are compared by value.
 *
 * @param conflicts values that both sides changed
 * @param merged places that only one side changed
 * @param document with the changes of both sides, and with theirs in conflicts; null if that is a deletion
 */
record ThreeWayMerge(List<Conflict> conflicts, List<Place> merged, ObjectNode document) {
    /**
     * One value that both sides changed. Null: it is not there.
     *
     * @param base null also if the base is unknown
     */
    record Conflict(Place place, JsonNode base, JsonNode theirs, JsonNode yours) {}

    /**
     * The place of a value. Its pointer may be as long as the whole document, so it is made only for an answer.
     *
     * @param within null for the whole document
     * @param name null for the whole document
     */
    record Place(Place within, String name) {
        static final Place ROOT = new Place(null, null);

        /** As a JSON Pointer (RFC 6901). */
        String pointer() {
            var pointer = new StringBuilder();
            appendTo(pointer);
            return pointer.toString();
        }

        private void appendTo(StringBuilder pointer) {
            if (within != null) {
                within.appendTo(pointer);
                pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
            }
        }
    }

    /** @param base the version that both began with; each of the three may be null for a document that is not there */
    static ThreeWayMerge of(ObjectNode base, ObjectNode theirs, ObjectNode yours) {
        return new Merging(true).run(base, theirs, yours);
    }

    static ThreeWayMerge withoutBase(ObjectNode theirs, ObjectNode yours) {
        return new Merging(false).run(null, theirs, yours);
    }

    boolean hasConflicts() {
        return !conflicts.isEmpty();
    }

    private static final class Merging {
        private final boolean isBaseKnown;
        private final List<Conflict> conflicts = new ArrayList<>();
        private final List<Place> merged = new ArrayList<>();

        Merging(boolean isBaseKnown) {
            this.isBaseKnown = isBaseKnown;
        }

        ThreeWayMerge run(ObjectNode base, ObjectNode theirs, ObjectNode yours) {
            var document = (ObjectNode) value(Place.ROOT, base, theirs, yours);
            return new ThreeWayMerge(List.copyOf(conflicts), List.copyOf(merged), document);
        }

        private JsonNode value(Place place, JsonNode base, JsonNode theirs, JsonNode yours) {
            if (theirs instanceof ObjectNode theirObject
                    && yours instanceof ObjectNode yourObject
                    && (base == null || base instanceof ObjectNode)) {
                return members(
                        place,
                        base == null ? DocumentJson.NODES.objectNode() : (ObjectNode) base,
                        theirObject,
                        yourObject);
            }
            if (Objects.equals(theirs, yours)) {
                return theirs;
            }
            if (isBaseKnown && Objects.equals(base, theirs)) {
                merged.add(place);
                return yours;
            }
            if (isBaseKnown && Objects.equals(base, yours)) {
                merged.add(place);
                return theirs;
            }
            conflicts.add(new Conflict(place, base, theirs, yours));
            return theirs;
        }

        private ObjectNode members(Place place, ObjectNode base, ObjectNode theirs, ObjectNode yours) {
            Set<String> names = new LinkedHashSet<>();
            theirs.fieldNames().forEachRemaining(names::add);
            yours.fieldNames().forEachRemaining(names::add);
            ObjectNode result = DocumentJson.NODES.objectNode();
            for (String name : names) {
                JsonNode value = value(new Place(place, name), base.get(name), theirs.get(name), yours.get(name));
                if (value != null) {
                    result.set(name, value);
                }
            }
            return result;
        }
    }
}
