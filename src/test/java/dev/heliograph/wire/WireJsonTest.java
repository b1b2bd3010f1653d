package dev.heliograph.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WireJsonTest {
    private static final byte[] PAYLOAD = new Event(
                    "e-1",
                    new Channel("orders-123"),
                    "order.updated",
                    Instant.EPOCH,
                    "{\"naïve\":\"☃\"}".getBytes(UTF_8))
            .payload();

    @Test
    void putsTheCursorBeforeThePayload() {
        var entry = new Entry(new Channel("orders-123"), new Position("3h9s", 42), PAYLOAD);

        assertThat(new String(WireJson.entry(entry), UTF_8))
                .isEqualTo(
                        """
                        {"cursor":"3h9s-42","type":"order.updated","channel":"orders-123","id":"e-1",\
                        "time":"1970-01-01T00:00:00Z","data":{"naïve":"☃"}}""");
    }

    @Test
    void namesTheFirehoseThatHoldsTheEntry() {
        var entry = new Entry(new Channel("orders"), new Position("7kq2", 9), PAYLOAD);

        assertThat(new String(WireJson.entry(entry), UTF_8))
                .startsWith(
                        "{\"cursor\":\"7kq2-9\",\"firehose\":\"orders\",\"type\":\"order.updated\",\"channel\":\"orders-123\",");
    }
}
