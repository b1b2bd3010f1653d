package dev.heliograph.hub;

import dev.heliograph.log.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The newest live entries of a channel, held while a subscription reads the log, so that history and live can be joined
 * without a hole. Always one run of consecutive offsets of one epoch, bounded by {@link #MAX_ENTRIES} and {@link
 * #MAX_BYTES}. The oldest entries are dropped when there is no room; a subscription that needs them reads the log again.
 * Belongs to one event loop.
 */
final class Held {
    static final int MAX_ENTRIES = 512;
    static final int MAX_BYTES = 1 << 20;

    private final Deque<Delivery> run = new ArrayDeque<>(0);
    private int bytes;

    void add(Delivery delivery) {
        if (!run.isEmpty()) {
            Position last = run.peekLast().entry().position();
            Position next = delivery.entry().position();
            boolean isSameLife = last.epoch().equals(next.epoch());
            if (isSameLife && next.offset() <= last.offset()) {
                return;
            }
            if (!isSameLife || next.offset() != last.offset() + 1) {
                clear();
            }
        }
        run.addLast(delivery);
        bytes += delivery.entry().payload().length;
        while (run.size() > MAX_ENTRIES || (bytes > MAX_BYTES && run.size() > 1)) {
            bytes -= run.removeFirst().entry().payload().length;
        }
    }

    /** The held entries after a position, in order; empty if there is a hole in between or no newer entry is held. */
    List<Delivery> after(Position position) {
        if (run.isEmpty() || !run.peekFirst().entry().position().epoch().equals(position.epoch())) {
            return List.of();
        }
        if (run.peekFirst().entry().offset() > position.offset() + 1) {
            return List.of();
        }
        var newer = new ArrayList<Delivery>();
        for (Delivery delivery : run) {
            if (delivery.entry().offset() > position.offset()) {
                newer.add(delivery);
            }
        }
        return newer;
    }

    /** The held entries after {@code from} up to {@code to}; empty if one of them is missing. */
    Optional<List<Delivery>> between(Position from, Position to) {
        List<Delivery> found = after(from).stream()
                .filter(delivery -> delivery.entry().offset() <= to.offset())
                .toList();
        return found.size() == to.offset() - from.offset() ? Optional.of(found) : Optional.empty();
    }

    /** The newest held entry. */
    Optional<Delivery> newest() {
        return Optional.ofNullable(run.peekLast());
    }

    void clear() {
        run.clear();
        bytes = 0;
    }
}
