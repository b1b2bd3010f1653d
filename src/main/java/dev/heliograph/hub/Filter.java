package dev.heliograph.hub;

import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.Entry;
import java.util.Set;

/**
 * The events of a channel that a client wants.
 *
 * @param types only events of these types; empty: of all
 * @param document also the changes of the channel's document, whatever their types; false if this adds nothing, so that
 *     clients with the same wish share a group
 */
public record Filter(Set<String> types, boolean document) {
    public Filter {
        types = Set.copyOf(types);
        document = document && !types.isEmpty();
    }

    boolean isOfAll() {
        return types.isEmpty();
    }

    boolean passes(Delivery delivery) {
        return passes(delivery.type(), delivery.entry());
    }

    boolean passes(Entry entry) {
        return isOfAll() || passes(entry.type(), entry);
    }

    private boolean passes(String type, Entry entry) {
        return isOfAll() || types.contains(type) || document && DocumentChange.isToldBy(entry);
    }
}
