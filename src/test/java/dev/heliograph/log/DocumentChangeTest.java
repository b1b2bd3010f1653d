package dev.heliograph.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.DocumentLog.Snapshot;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentChangeTest {
    private static final Position POSITION = new Position("e", 1);

    /** What looks like the beginning of the member in a name. */
    @ParameterizedTest
    @ValueSource(strings = {"orders-1", "orders-1,1d", "orders-,,d", "orders-d,d,document"})
    void eventOfChangeIsRecognisedWithAnyNames(String name) {
        var channel = new Channel(name);
        byte[] json = "{\"a\":\",\\\"document\\\":true\"}".getBytes(UTF_8);
        var change = new DocumentChange("e,1d", channel, "order.updated", Instant.EPOCH, json);
        byte[] payload = change.event().payload();

        assertThat(DocumentChange.toldBy(new Entry(channel, POSITION, payload)))
                .usingRecursiveComparison()
                .isEqualTo(Optional.of(new Snapshot(Optional.of(change.documentAt(POSITION)), POSITION)));
        assertThat(new String(payload, change.startIn(payload), json.length, UTF_8))
                .isEqualTo(new String(json, UTF_8));
    }

    @Test
    void anEventWhoseDataLooksLikeAChangeIsNone() {
        var channel = new Channel("orders-1");
        byte[] data = "{\"document\":{\"a\":1},\"document\":true,\"data\":{\"document\":{}}}".getBytes(UTF_8);
        byte[] payload = new Event("1", channel, "order.updated", Instant.EPOCH, data).payload();

        assertThat(DocumentChange.toldBy(new Entry(channel, POSITION, payload))).isEmpty();
    }
}
