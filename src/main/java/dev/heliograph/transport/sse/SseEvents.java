package dev.heliograph.transport.sse;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.event.Channel;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemCount;
import dev.heliograph.wire.Closing;
import dev.heliograph.wire.WireJson;
import java.time.Instant;
import java.util.Optional;

/** Events as the HTML standard writes them. JSON has no raw line breaks, so {@code data} is always one line. */
final class SseEvents {
    /** A comment (HTML standard, section 9.2.6). No empty line follows, which some readers would take for an event. */
    static final byte[] HEARTBEAT = ":\n".getBytes(US_ASCII);

    private static final byte[] END = {'\n', '\n'};

    private SseEvents() {}

    /**
     * An event of the log, without a name, so that a browser's {@code onmessage} gets it.
     *
     * @param id the cursor to go on from
     */
    static byte[] event(SseFraming framing, String id, Entry entry) {
        return framing.frame(("id: " + id + "\ndata: ").getBytes(US_ASCII), WireJson.entry(entry), END);
    }

    /** @param session null: not told */
    static byte[] sync(
            SseFraming framing, String id, Channel channel, Optional<Gap> gap, Position position, String session) {
        String json = session == null
                ? WireJson.sync(channel, gap, position)
                : WireJson.sync(channel, gap, position, session);
        return framing.frame(("event: sync\nid: " + id + "\ndata: " + json + "\n\n").getBytes(US_ASCII));
    }

    static byte[] tokenExpiring(SseFraming framing, Instant expires) {
        return framing.frame(("event: token-expiring\ndata: " + WireJson.expires(expires) + "\n\n").getBytes(US_ASCII));
    }

    static byte[] unsubscribed(SseFraming framing, Channel channel, Problem why) {
        return framing.frame(
                ("event: unsubscribed\ndata: " + WireJson.unsubscribed(channel, why) + "\n\n").getBytes(UTF_8));
    }

    static byte[] document(SseFraming framing, String id, Channel channel, Snapshot snapshot) {
        return framing.frame(
                ("event: document\nid: " + id + "\ndata: ").getBytes(US_ASCII),
                WireJson.snapshot(channel, snapshot),
                END);
    }

    /** A comment, and an id without data: browsers keep it for their return, and show nothing to the page. */
    static byte[] heartbeat(String id) {
        return (":\nid: " + id + "\n\n").getBytes(US_ASCII);
    }

    /** Not named {@code error}: by that name browsers tell the page that the connection is lost. */
    static byte[] problem(SseFraming framing, Problem problem) {
        String json = ProblemCount.counted(problem).json();
        return framing.frame("event: problem\ndata: ".getBytes(US_ASCII), json.getBytes(UTF_8), END);
    }

    /** {@code retry} tells browsers, which come back by themselves, to wait as well. */
    static byte[] closing(SseFraming framing, Closing closing) {
        String retry = closing.waitMillis().isPresent()
                ? "retry: " + closing.waitMillis().getAsInt() + '\n'
                : "";
        return framing.frame((retry + "event: closing\ndata: " + closing.json() + "\n\n").getBytes(UTF_8));
    }
}
