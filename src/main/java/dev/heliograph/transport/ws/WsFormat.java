package dev.heliograph.transport.ws;

import static dev.heliograph.wire.WireNames.EVENT;
import static dev.heliograph.wire.WireNames.SYNC;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.transport.socket.SocketFrames;
import dev.heliograph.transport.socket.SocketPeers;
import dev.heliograph.wire.Closing;
import dev.heliograph.wire.WireJson;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;

/** What is sent unasked, as text frames. The payload is spliced in, never parsed. */
@Singleton
final class WsFormat implements SocketPeers.Format {
    private static final byte[] EVENT_HEAD = ("{\"" + EVENT + "\":").getBytes(US_ASCII);
    private static final byte[] SYNC_HEAD = ("{\"" + SYNC + "\":").getBytes(US_ASCII);
    private static final byte[] END = {'}'};

    @Override
    public byte[] event(Entry entry) {
        return SocketFrames.text(EVENT_HEAD, WireJson.entry(entry), END);
    }

    @Override
    public byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
        return SocketFrames.text(
                SYNC_HEAD, WireJson.sync(channel, gap, position).getBytes(US_ASCII), END);
    }

    @Override
    public byte[] error(Problem problem) {
        return WsAnswers.error(null, problem);
    }

    @Override
    public byte[] closing(Closing closing) {
        return WsAnswers.closing(closing);
    }

    @Override
    public byte[] tokenExpiring(Instant expires) {
        return WsAnswers.tokenExpiring(expires);
    }

    @Override
    public byte[] unsubscribed(Channel channel, Problem why) {
        return WsAnswers.unsubscribed(channel, why);
    }
}
