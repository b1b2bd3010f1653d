package dev.heliograph.document;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/*
 * Values are JsonValues until something in them changes; then they become Members or Elements, copied once, however many
 * operations follow. No mutable value stands in two places: a copy is frozen first.
 */
/** A document while a patch is applied to it; what it was made from stays as it is. One thread. */
final class PatchedDocument {
    /** RFC 6901, section 4: ASCII digits, no leading zero. More than nine are beyond any array. */
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

    /** Has the document under the empty name, with which every pointer begins. */
    private final Members top = new Members(Map.of());

    PatchedDocument(JsonObject document) {
        top.put("", document);
    }

    /** The whole; null if it was removed. */
    Object document() {
        return top.get("");
    }

    /** @throws Misfit if nothing is there, as the other methods do */
    Object find(Pointer place) {
        Object value = top;
        for (int depth = 0; depth <= place.depth(); depth++) {
            value = child(value, place, depth);
        }
        return value;
    }

    void add(Pointer place, Object value) {
        int depth = place.depth();
        Object container = open(place);
        if (container instanceof Elements elements) {
            boolean isEnd = place.token(depth).equals("-");
            elements.add(isEnd ? elements.size() : index(place, depth, elements.size(), ", or -"), value);
        } else if (container instanceof Members members) {
            members.put(place.token(depth), value);
        } else {
            throw noContainer(place, depth);
        }
    }

    void replace(Pointer place, Object value) {
        Object container = open(place);
        child(container, place, place.depth());
        set(container, place, place.depth(), value);
    }

    /** @return what was there */
    Object remove(Pointer place) {
        int depth = place.depth();
        Object container = open(place);
        Object removed = child(container, place, depth);
        if (container instanceof Elements elements) {
            elements.remove(Integer.parseInt(place.token(depth)));
        } else {
            ((Members) container).remove(place.token(depth));
        }
        return removed;
    }

    /** Whether a value has more levels of objects and arrays. Looks no further, so that a stack bears it. */
    static boolean isDeeper(Object value, int levels) {
        Collection<?> below = value instanceof Map<?, ?> members
                ? members.values()
                : value instanceof List<?> elements ? elements : List.of();
        return (value instanceof Map || value instanceof List)
                && (levels <= 0 || below.stream().anyMatch(each -> isDeeper(each, levels - 1)));
    }

    /** A value that no later change reaches. It must not be {@link #isDeeper} than documents may be. */
    static JsonValue frozen(Object value) {
        if (value instanceof Members members) {
            JsonObjectBuilder object = DocumentJson.JSON.createObjectBuilder();
            members.forEach((name, member) -> object.add(name, frozen(member)));
            return object.build();
        }
        if (value instanceof Elements elements) {
            JsonArrayBuilder array = DocumentJson.JSON.createArrayBuilder();
            elements.forEach(element -> array.add(frozen(element)));
            return array.build();
        }
        return (JsonValue) value;
    }

    /** What a place is in, to be changed; perhaps no object or array. */
    private Object open(Pointer place) {
        Object container = top;
        for (int depth = 0; depth < place.depth(); depth++) {
            Object child = child(container, place, depth);
            Object opened = opened(child);
            if (opened != child) {
                set(container, place, depth, opened);
            }
            container = opened;
        }
        return container;
    }

    private static Object opened(Object value) {
        if (value instanceof JsonObject object) {
            return new Members(object);
        }
        return value instanceof JsonArray array ? new Elements(array) : value;
    }

    private static Object child(Object container, Pointer place, int depth) {
        if (container instanceof Map<?, ?> members) {
            Object child = members.get(place.token(depth));
            if (child == null) {
                throw new Misfit(place, place.shown(depth) + " is not there, expected a place that has a value");
            }
            return child;
        }
        if (container instanceof List<?> elements) {
            return elements.get(index(place, depth, elements.size() - 1, ""));
        }
        throw noContainer(place, depth);
    }

    /** @param depth of a {@link #child} */
    private static void set(Object container, Pointer place, int depth, Object value) {
        if (container instanceof Elements elements) {
            elements.set(Integer.parseInt(place.token(depth)), value);
        } else {
            ((Members) container).put(place.token(depth), value);
        }
    }

    private static int index(Pointer place, int depth, int last, String otherwise) {
        String token = place.token(depth);
        if (INDEX.matcher(token).matches() && Integer.parseInt(token) <= last) {
            return Integer.parseInt(token);
        }
        throw new Misfit(
                place,
                place.shown(depth - 1)
                        + (last < 0
                                ? " is an empty array, expected one that has elements"
                                : " is an array, expected an index from 0 to " + last + otherwise));
    }

    private static Misfit noContainer(Pointer place, int depth) {
        return new Misfit(place, place.shown(depth - 1) + " has nothing within it, expected an object or an array");
    }

    /** An object that is changed. */
    private static final class Members extends LinkedHashMap<String, Object> {
        private static final long serialVersionUID = 1L;

        Members(Map<String, ?> members) {
            super(members);
        }
    }

    /** An array that is changed. */
    private static final class Elements extends ArrayList<Object> {
        private static final long serialVersionUID = 1L;

        Elements(List<?> elements) {
            super(elements);
        }
    }

    /** An operation does not fit the document. The message, for people, has nothing of what is in the document. */
    static final class Misfit extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Pointer place;

        Misfit(Pointer place, String message) {
            super(message, null, false, false);
            this.place = place;
        }

        /** The one that does not fit. */
        Pointer place() {
            return place;
        }
    }
}
