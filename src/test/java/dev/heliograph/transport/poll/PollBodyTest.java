package dev.heliograph.transport.poll;

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
import dev.heliograph.wire.WireJson;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollBodyTest {
    private static final Channel ORDER = new Channel("orders-1");
    private static final String HEAD =
            "\"type\":\"order.updated\",\"channel\":\"orders-1\",\"id\":\"e\",\"time\":\"t\",";

    @Test
    void carriesTheEventsTheNewestAsPayloadAndTheGap() {
        var gap = new Gap(new Position("a", 1), new Position("a", 7), Gap.Reason.TRIMMED);
        var events = List.of(WireJson.entry(entry(8, "{\"n\":1}")), WireJson.entry(entry(9, "{\"n\":2.50}")));

        assertThat(text(PollBody.of(events, List.of(json(ORDER, gap)), "a-9", 17)))
                .isEqualTo(
                        "{\"hasUpdate\":true,\"payload\":{\"type\":\"order.updated\",\"n\":2.50},\"cached\":false,"
                                + "\"timestamp\":17,\"cursor\":\"a-9\",\"events\":[{\"cursor\":\"a-8\"," + HEAD
                                + "\"data\":{\"n\":1}},{\"cursor\":\"a-9\"," + HEAD + "\"data\":{\"n\":2.50}}],"
                                + "\"gap\":[{\"channel\":\"orders-1\",\"from\":\"a-1\",\"to\":\"a-7\",\"reason\":\"trimmed\"}]}");
    }

    @Test
    void answersAreWrittenAsTheSamplesSay() throws IOException {
        var at = new Position("3kq0vkzx5d1n8", 42);
        byte[] data = "{\"status\":\"on its way\",\"total\":12.30}".getBytes(UTF_8);
        var event = new Event(
                "order-123-1", new Channel("orders-123"), "order.updated", Instant.parse("2026-01-31T12:00:00Z"), data);
        var entry = new Entry(event.channel(), at, event.payload());
        var gap = new Gap(at.at(7), at.at(41), Gap.Reason.TRIMMED);

        assertThat(text(PollBody.ofLatest(WireJson.entry(entry), true, at.cursor(), 1769860800000L)))
                .isEqualTo(WireSample.read("poll-first"));
        assertThat(text(PollBody.of(
                        List.of(WireJson.entry(entry)),
                        List.of(json(event.channel(), gap)),
                        at.cursor(),
                        1769860800000L)))
                .isEqualTo(WireSample.read("poll-events-and-gap"));
    }

    @Test
    void endOfTokenIsWrittenAsTheSampleSays() throws IOException {
        byte[] body = PollBody.ofNothing("3kq0vkzx5d1n8-42", 1769860800000L);
        byte[] end = PollBody.tokenExpires(Instant.parse("2026-01-31T12:00:59Z"));

        assertThat(text(body).substring(0, body.length - 1) + text(end))
                .isEqualTo(WireSample.read("poll-token-expires"));
    }

    @Test
    void documentsAreWrittenAsTheSampleSays() throws IOException {
        var at = new Position("3kq0vkzx5d1n8", 42);
        byte[] json = "{\"status\":\"on its way\",\"total\":12.30}".getBytes(UTF_8);
        var document = new Document(json, at, Instant.parse("2026-01-31T12:00:00Z"));
        var snapshot = new Snapshot(Optional.of(document), at.at(57));
        byte[] written = WireJson.snapshot(new Channel("orders-123"), snapshot);

        assertThat(text(PollBody.ofDocuments(written, true, at.at(57).cursor(), 1769860800000L)))
                .isEqualTo(WireSample.read("poll-documents"));
    }

    @Test
    void aGapAloneIsAnUpdateWithoutAPayload() {
        var gap = new Gap(new Position("a", 9), new Position("a", 7), Gap.Reason.AHEAD);

        assertThat(text(PollBody.of(List.of(), List.of(json(ORDER, gap)), "a-7", 17)))
                .startsWith("{\"hasUpdate\":true,\"payload\":null,")
                .contains("\"events\":[],\"gap\":[{");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|{\"type\":\"order.updated\"}",
                "{ }|{\"type\":\"order.updated\"}",
                "{\"n\":1e2, \"m\" : [1,{\"type\":2}] }|{\"type\":\"order.updated\",\"n\":1e2,\"m\" : [1,{\"type\":2}]}",
                "{\"type\":\"other\",\"n\":0.10}|{\"type\":\"order.updated\",\"n\":0.10}",
                "{\"n\":12345678901234567890,\"type\":{\"a\":1}}|{\"type\":\"order.updated\",\"n\":12345678901234567890}",
                "{\"schön\":\"\\\"}\"}|{\"type\":\"order.updated\",\"schön\":\"\\\"}\"}",
            })
    void payloadIsTheTypeAndTheMembersOfTheDataAsTheyCame(String data, String payload) {
        byte[] json = WireJson.entry(entry(1, data));

        assertThat(text(PollPayload.of(json))).isEqualTo(payload);
    }

    private static byte[] json(Channel channel, Gap gap) {
        return PollFormat.INSTANCE.sync(channel, Optional.of(gap), gap.to());
    }

    private static Entry entry(long offset, String data) {
        return new Entry(ORDER, new Position("a", offset), ("{" + HEAD + "\"data\":" + data + "}").getBytes(UTF_8));
    }

    private static String text(byte[] body) {
        return new String(body, UTF_8);
    }
}
