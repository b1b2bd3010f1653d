package dev.heliograph.document;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What two sides made of one base, brought together. Objects are merged member by member; arrays, and values of which one
 * is no object, change as a whole. {@code null} is a value; a member that is not there is something else. A change is in
 * conflict if the other side changed the same value to something different, or deleted it; the same change on both sides is
 * none. If the base is unknown, every difference between the two is a conflict. Numbers are compared by value.
 *
 * @param conflicts what both changed
 * @param merged where only one side changed something
 * @param document with the changes of both sides, and theirs where they conflict; null if that is a deletion
 */
record ThreeWayMerge(List<Conflict> conflicts, List<Place> merged, JsonValue document) {
    /**
     * One value that both sides changed. Null: it is not there.
     *
     * @param base null also if the base is unknown
     */
    record Conflict(Place place, JsonValue base, JsonValue theirs, JsonValue yours) {}

    /**
     * Where a value is: below long names its pointer may be as long as the whole document, so it is made only to be told.
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

    /** @param base what both began with; each of the three may be null for a document that is not there */
    static ThreeWayMerge of(JsonObject base, JsonObject theirs, JsonObject yours) {
        return new Merging(true).run(base, theirs, yours);
    }

    static ThreeWayMerge withoutBase(JsonObject theirs, JsonObject yours) {
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

        ThreeWayMerge run(JsonValue base, JsonValue theirs, JsonValue yours) {
            JsonValue document = value(Place.ROOT, base, theirs, yours);
            return new ThreeWayMerge(List.copyOf(conflicts), List.copyOf(merged), document);
        }

        private JsonValue value(Place place, JsonValue base, JsonValue theirs, JsonValue yours) {
            if (theirs instanceof JsonObject theirObject
                    && yours instanceof JsonObject yourObject
                    && (base == null || base instanceof JsonObject)) {
                return members(
                        place, base == null ? JsonValue.EMPTY_JSON_OBJECT : (JsonObject) base, theirObject, yourObject);
            }
            if (DocumentJson.same(theirs, yours)) {
                return theirs;
            }
            if (isBaseKnown && DocumentJson.same(base, theirs)) {
                merged.add(place);
                return yours;
            }
            if (isBaseKnown && DocumentJson.same(base, yours)) {
                merged.add(place);
                return theirs;
            }
            conflicts.add(new Conflict(place, base, theirs, yours));
            return theirs;
        }

        private JsonObject members(Place place, JsonObject base, JsonObject theirs, JsonObject yours) {
            Set<String> names = new LinkedHashSet<>(theirs.keySet());
            names.addAll(yours.keySet());
            JsonObjectBuilder result = DocumentJson.JSON.createObjectBuilder();
            for (String name : names) {
                JsonValue value = value(new Place(place, name), base.get(name), theirs.get(name), yours.get(name));
                if (value != null) {
                    result.add(name, value);
                }
            }
            return result.build();
        }
    }
}
