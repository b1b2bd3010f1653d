package dev.heliograph.transport.sse;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import java.util.Optional;

/** What all clients that listen to one channel are sent: an event's id is its cursor, so it is the same for all. */
record SseFormat(SseFraming framing) implements WireFormat {
    static final SseFormat CHUNKS = new SseFormat(SseFraming.CHUNKS);
    static final SseFormat RAW = new SseFormat(SseFraming.RAW);

    @Override
    public byte[] event(Entry entry) {
        return SseEvents.event(framing, entry.position().cursor(), entry);
    }

    @Override
    public byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
        return SseEvents.sync(framing, position.cursor(), channel, gap, position);
    }
}
