package dev.heliograph.transport.sse;

import dev.heliograph.event.Channel;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import java.util.Optional;

/** What all clients that listen to one channel are sent: an event's id is its cursor, so it is the same for all. */
record SseChannelFormat(SseFraming framing) implements SseFormat {
    static final SseChannelFormat CHUNKS = new SseChannelFormat(SseFraming.CHUNKS);
    static final SseChannelFormat RAW = new SseChannelFormat(SseFraming.RAW);

    @Override
    public byte[] event(Entry entry) {
        return SseEvents.event(framing, entry.position().cursor(), entry);
    }

    @Override
    public byte[] sync(Channel channel, Optional<Gap> gap, Position position, String session) {
        return SseEvents.sync(framing, position.cursor(), channel, gap, position, session);
    }

    @Override
    public byte[] document(Channel channel, Snapshot snapshot) {
        return SseEvents.document(framing, snapshot.top().cursor(), channel, snapshot);
    }
}
