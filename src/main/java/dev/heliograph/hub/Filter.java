package dev.heliograph.hub;

import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.Entry;
import java.util.Set;

/**
 * The events of a channel that a client wants.
 *
 * @param types only events of these types; empty: of all
 * @param kinds without those that add nothing to all events, so that clients that want the same are pushed to together
 */
public record Filter(Set<String> types, Set<Kind> kinds) {
    public Filter {
        types = Set.copyOf(types);
        kinds = types.isEmpty() && kinds.contains(Kind.EVENTS) ? Set.of(Kind.EVENTS) : Set.copyOf(kinds);
    }

    boolean isOfAll() {
        return types.isEmpty() && kinds.contains(Kind.EVENTS);
    }

    boolean passes(Delivery delivery) {
        return passes(delivery.type(), delivery.entry());
    }

    boolean passes(Entry entry) {
        return isOfAll() || passes(entry.type(), entry);
    }

    private boolean passes(String type, Entry entry) {
        return isOfAll()
                || kinds.contains(Kind.EVENTS) && types.contains(type)
                || kinds.contains(Kind.DOCUMENTS) && DocumentChange.isToldBy(entry);
    }
}
