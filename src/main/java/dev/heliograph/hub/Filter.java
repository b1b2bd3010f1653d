package dev.heliograph.hub;

import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.Entry;
import java.util.Set;

/**
 * Which of a channel's events a client wants.
 *
 * @param types only events of these types; empty: of all
 * @param document the changes of the channel's document, too, whatever their types; false where that adds nothing, so that
 *     clients who want the same are pushed to together
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
