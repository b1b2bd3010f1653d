package dev.heliograph.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldTest {
    private final Held held = new Held();

    @Test
    void returnsOnlyConsecutiveEntries() {
        add("a", 5, 6, 7);

        assertThat(offsets(held.after(new Position("a", 4)))).containsExactly(5L, 6L, 7L);
        assertThat(offsets(held.after(new Position("a", 6)))).containsExactly(7L);
        assertThat(held.after(new Position("a", 3))).isEmpty();
        assertThat(held.after(new Position("b", 4))).isEmpty();
    }

    @Test
    void holeOrNewEpochForgetsEarlierEntries() {
        add("a", 5, 6, 8);
        assertThat(held.between(new Position("a", 4), new Position("a", 8))).isEmpty();
        assertThat(offsets(held.after(new Position("a", 7)))).containsExactly(8L);

        add("b", 1);
        assertThat(held.after(new Position("a", 7))).isEmpty();
        assertThat(offsets(held.after(new Position("b", 0)))).containsExactly(1L);
    }

    @Test
    void repeatsAreIgnored() {
        add("a", 5, 6, 5, 6, 7);

        assertThat(offsets(held.after(new Position("a", 4)))).containsExactly(5L, 6L, 7L);
    }

    @Test
    void theOldestFallsOutWhenItIsFull() {
        for (int offset = 1; offset <= Held.MAX_ENTRIES + 1; offset++) {
            add("a", offset);
        }

        assertThat(held.after(new Position("a", 0))).isEmpty();
        assertThat(held.after(new Position("a", 1))).hasSize(Held.MAX_ENTRIES);
    }

    private void add(String epoch, long... offsets) {
        for (long offset : offsets) {
            held.add(new Delivery(new Entry(
                    Events.ORDER,
                    new Position(epoch, offset),
                    Events.event(Events.ORDER, (int) offset).payload())));
        }
    }

    private static List<Long> offsets(List<Delivery> deliveries) {
        return deliveries.stream().map(delivery -> delivery.entry().offset()).toList();
    }
}
