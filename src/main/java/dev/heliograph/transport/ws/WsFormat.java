package dev.heliograph.transport.ws;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import dev.heliograph.wire.WireJson;
import jakarta.inject.Singleton;
import java.util.Optional;

/** What the hub pushes, as text frames. The payload is spliced in, never parsed. */
@Singleton
final class WsFormat implements WireFormat {
    private static final byte[] EVENT = "{\"event\":".getBytes(US_ASCII);
    private static final byte[] SYNC = "{\"sync\":".getBytes(US_ASCII);
    private static final byte[] END = {'}'};

    @Override
    public byte[] event(Entry entry) {
        return WsFrames.text(EVENT, WireJson.entry(entry), END);
    }

    @Override
    public byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
        return WsFrames.text(SYNC, WireJson.sync(channel, gap, position).getBytes(US_ASCII), END);
    }
}
