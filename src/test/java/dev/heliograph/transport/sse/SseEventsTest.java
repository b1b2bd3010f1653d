package dev.heliograph.transport.sse;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.fixture.WireSample;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.session.CursorVector;
import dev.heliograph.wire.CloseReason;
import dev.heliograph.wire.Closing;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SseEventsTest {
    private static final Channel ORDER = new Channel("orders-123");
    private static final Channel DRIVERS = new Channel("drivers");
    private static final Position POSITION = new Position("3kq0vkzx5d1n8", 42);
    private static final Instant TIME = Instant.parse("2026-01-31T12:00:00Z");
    private static final byte[] DATA = "{\"status\":\"on its way\",\"total\":12.30}".getBytes(UTF_8);
    private static final Entry ENTRY =
            new Entry(ORDER, POSITION, new Event("order-123-1", ORDER, "order.updated", TIME, DATA).payload());

    @Test
    void eventsAndSyncsAreWrittenAsTheSamplesSay() throws IOException {
        var gap = new Gap(POSITION.at(41), POSITION.at(90), Gap.Reason.TRIMMED);

        assertSample(SseChannelFormat.RAW.event(ENTRY), "sse-event");
        assertSample(SseChannelFormat.RAW.sync(ORDER, Optional.empty(), POSITION.at(41)), "sse-sync-recovered");
        assertSample(SseChannelFormat.RAW.sync(ORDER, Optional.of(gap), gap.to()), "sse-sync-gap");
        assertSample(
                SseEvents.closing(SseFraming.RAW, new Closing(CloseReason.DRAINING, OptionalInt.of(412))),
                "sse-closing");
    }

    @Test
    void writesLifeOfTokenAsSamplesSay() throws IOException {
        Instant end = Instant.parse("2026-01-31T12:15:00Z");
        var why = Problem.of(
                ProblemType.FORBIDDEN,
                "subscribe on orders-123 is not granted, expected a token or an API key whose claim grants subscribe on a"
                        + " pattern that names this channel");

        assertSample(
                SseChannelFormat.RAW.sync(ORDER, Optional.empty(), POSITION.at(41), "c2VzcyBvZiBhbGljZSA0Mg"),
                "sse-sync-session");
        assertSample(SseEvents.tokenExpiring(SseFraming.RAW, end), "sse-token-expiring");
        assertSample(SseEvents.unsubscribed(SseFraming.RAW, ORDER, why), "sse-unsubscribed");
    }

    @Test
    void aDocumentIsWrittenAsTheSampleSays() throws IOException {
        var snapshot = new Snapshot(Optional.of(new Document(DATA, POSITION, TIME)), POSITION.at(57));

        assertSample(SseChannelFormat.RAW.document(ORDER, snapshot), "sse-document");
    }

    @Test
    void theIdOfSeveralChannelsIsWhereTheClientStandsInAllOfThem() throws IOException {
        var format = new SseVectorFormat(SseFraming.RAW, List.of(ORDER, DRIVERS), CursorVector.fromNow(2));
        byte[] online = new Event("driver-7-1", new Channel("drivers-7"), "driver.online", TIME, "{}".getBytes(UTF_8))
                .payload();

        format.event(ENTRY);
        byte[] second = format.event(new Entry(DRIVERS, new Position("7kq2m1c0aa9x", 9), online));

        assertSample(second, "sse-event-of-several-channels");
    }

    @Test
    void aChunkSaysItsLengthInHex() {
        byte[] chunk = SseFraming.CHUNKS.frame("0123456789".getBytes(US_ASCII), "abcdefg".getBytes(US_ASCII));

        assertThat(new String(chunk, US_ASCII)).isEqualTo("11\r\n0123456789abcdefg\r\n");
    }

    @Test
    void heartbeatsAndProblemsAreWrittenAsTheSamplesSay() throws IOException {
        assertSample(SseEvents.heartbeat(POSITION.cursor()), "sse-heartbeat");
        assertThat(new String(SseEvents.HEARTBEAT, US_ASCII)).isEqualTo(":\n");
        assertThat(new String(SseEvents.problem(SseFraming.RAW, Problem.of(ProblemType.LOG_TIMEOUT, "late")), UTF_8))
                .startsWith("event: problem\ndata: {")
                .endsWith("}\n\n");
    }

    private static void assertSample(byte[] written, String sample) throws IOException {
        assertThat(new String(written, UTF_8)).isEqualTo(WireSample.read(sample));
    }
}
