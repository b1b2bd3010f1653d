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
    void keepsDocumentChangeBesideNewerEventOfItsType() {
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

    @Test
    void keepsNewestEventOfEachChannelOfFirehose() {
        var firehose = new Channel("orders");
        Entry other = held(firehose, 2, event("orders-2", "{}"));
        Entry newest = held(firehose, 3, event("orders-1", "{}"));

        assertThat(Conflation.newestOfEachKey(
                        List.of(held(firehose, 1, event("orders-1", "{}")), other, newest), Optional.empty()))
                .containsExactly(other, newest);
    }

    @Test
    void keepsNewestEventOfEachValueOfKeyMember() {
        Entry other = held(ORDER, 2, event("orders-1", "{\"n\":2}"));
        Entry newest = held(ORDER, 3, event("orders-1", "{\"n\":1}"));

        assertThat(Conflation.newestOfEachKey(
                        List.of(held(ORDER, 1, event("orders-1", "{\"n\":1}")), other, newest), Optional.of("n")))
                .containsExactly(other, newest);
    }

    private static Entry held(Channel log, long offset, Event event) {
        return new Entry(log, new Position("a", offset), event.payload());
    }

    private static Event event(String channel, String data) {
        return new Event("e", new Channel(channel), UPDATED, Instant.EPOCH, data.getBytes(UTF_8));
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
