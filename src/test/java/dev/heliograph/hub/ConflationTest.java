package dev.heliograph.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConflationTest {
    private static final Channel ORDER = new Channel("orders-1");
    private static final String UPDATED = "order.updated";

    @Test
    void aChangeOfTheDocumentIsNotDroppedForAnEventOfItsType() {
        Entry change = change(1, UPDATED);
        Entry event = event(2, UPDATED);

        assertThat(Conflation.newestOfEachKey(List.of(change, event), Optional.empty()))
                .containsExactly(change, event);
        assertThat(Conflation.newestOfEachKey(List.of(change, event), Optional.of("n")))
                .containsExactly(change, event);
    }

    @Test
    void keepsNewestChangeOfDocumentOfAnyType() {
        Entry event = event(2, UPDATED);
        Entry newest = change(3, "order.assigned");

        assertThat(Conflation.newestOfEachKey(List.of(change(1, "order.created"), event, newest), Optional.of("n")))
                .containsExactly(event, newest);
    }

    private static Entry change(long offset, String type) {
        var change = new DocumentChange("d" + offset, ORDER, type, Instant.EPOCH, "{}".getBytes(UTF_8));
        return new Entry(ORDER, new Position("a", offset), change.event().payload());
    }

    private static Entry event(long offset, String type) {
        var event = new Event("e" + offset, ORDER, type, Instant.EPOCH, "{}".getBytes(UTF_8));
        return new Entry(ORDER, new Position("a", offset), event.payload());
    }
}
