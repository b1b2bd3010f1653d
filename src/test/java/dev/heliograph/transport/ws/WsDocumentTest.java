package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.fixture.WireSample;
import dev.heliograph.hub.Kind;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import dev.heliograph.publish.EventReader;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Documents over WebSocket are asked for, answered and pushed as the samples say. */
class WsDocumentTest {
    private static final Catalogue CATALOGUE = new Catalogue(List.of(Namespaces.of("orders", "order.updated")));
    private static final Channel ORDER = new Channel("orders-123");
    private static final Position VERSION = new Position("3kq0vkzx5d1n8", 42);
    private static final Instant TIME = Instant.parse("2026-01-31T12:00:00Z");
    private static final byte[] DOCUMENT = "{\"status\":\"on its way\",\"total\":12.30}".getBytes(UTF_8);
    /** Of frames of 126 to 65535 bytes, and of shorter ones (RFC 6455, section 5.2). */
    private static final int HEAD_BYTES = 4;

    private static final int SHORT_HEAD_BYTES = 2;

    @Test
    void aSubscriptionMayAskForTheDocument() throws IOException {
        var reader = new WsRequestReader(CATALOGUE, new EventReader());
        byte[] request = WireSample.read("request-subscribe-document").getBytes(UTF_8);

        assertThat(reader.read(Caller.trusted(CATALOGUE), WsEnvelope.read(request)))
                .isEqualTo(new WsRequest.Subscribe(ORDER, Set.of(), null, Set.of(Kind.EVENTS, Kind.DOCUMENTS)));
    }

    @Test
    void theDocumentIsInTheAnswer() throws IOException {
        var document = new Document(DOCUMENT, VERSION, TIME);

        assertSample(
                WsAnswers.subscribed("7", ORDER, new Snapshot(Optional.of(document), VERSION.at(57))),
                HEAD_BYTES,
                "answer-subscribed-document");
        assertSample(
                WsAnswers.subscribed("7", ORDER, new Snapshot(Optional.empty(), VERSION.at(57))),
                SHORT_HEAD_BYTES,
                "answer-subscribed-no-document");
    }

    @Test
    void theEventOfAChangeIsMarked() throws IOException {
        var change = new DocumentChange("order-123-1", ORDER, "order.updated", TIME, DOCUMENT);

        assertSample(
                new WsFormat().event(new Entry(ORDER, VERSION, change.event().payload())),
                HEAD_BYTES,
                "push-document-event");
    }

    private static void assertSample(byte[] frame, int headBytes, String sample) throws IOException {
        assertThat(new String(frame, headBytes, frame.length - headBytes, UTF_8))
                .isEqualTo(WireSample.read(sample));
    }
}
