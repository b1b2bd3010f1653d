package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.access.Grants;
import dev.heliograph.access.Identity;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.WireSample;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemType;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Frames about a client's token are written as the samples say. */
class WsTokenFramesTest {
    private static final Instant END = Instant.parse("2026-01-31T12:15:00Z");

    @Test
    void writesAnswersAsSamplesSay() throws IOException {
        assertThat(text(WsAnswers.authenticated("8", alice(END)))).isEqualTo(WireSample.read("answer-authenticated"));
        assertThat(text(WsAnswers.refreshed("9", alice(END.plusSeconds(900)))))
                .isEqualTo(WireSample.read("answer-refreshed"));
    }

    @Test
    void writesNoEndOfIdentityThatDoesNotEnd() {
        assertThat(text(WsAnswers.authenticated("8", alice(null))))
                .isEqualTo("{\"id\":8,\"authenticated\":{\"subject\":\"alice\"}}");
        assertThat(text(WsAnswers.refreshed("9", alice(null)))).isEqualTo("{\"id\":9,\"refreshed\":{}}");
    }

    @Test
    void escapesSubject() {
        var strange = new Identity("a\"b\n\u00e9", null, null, null, Grants.of(Map.of(), false, null));

        assertThat(text(WsAnswers.authenticated("8", strange)))
                .isEqualTo("{\"id\":8,\"authenticated\":{\"subject\":\"a\\\"b\\n\u00e9\"}}");
    }

    @Test
    void writesPushesAsSamplesSay() throws IOException {
        var why = Problem.of(
                ProblemType.FORBIDDEN,
                "subscribe on orders-123 is not granted, expected a token or an API key whose claim grants subscribe on a"
                        + " pattern that names this channel");

        assertThat(text(WsAnswers.tokenExpiring(END))).isEqualTo(WireSample.read("push-token-expiring"));
        assertThat(text(WsAnswers.unsubscribed(new Channel("orders-123"), why)))
                .isEqualTo(WireSample.read("push-unsubscribed"));
    }

    private static Identity alice(Instant expires) {
        return new Identity("alice", null, null, expires, Grants.of(Map.of(), false, null));
    }

    /** Without the head of the frame (RFC 6455, section 5.2). */
    private static String text(byte[] frame) {
        int head = frame[1] == 126 ? 4 : 2;
        return new String(frame, head, frame.length - head, UTF_8);
    }
}
