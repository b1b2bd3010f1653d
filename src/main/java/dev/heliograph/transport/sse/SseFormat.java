package dev.heliograph.transport.sse;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import java.util.Optional;

/** What event streams are made of. */
interface SseFormat extends WireFormat {
    @Override
    default byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
        return sync(channel, gap, position, null);
    }

    /** @param session the id of the stream, to be told with the sync; null: not told */
    byte[] sync(Channel channel, Optional<Gap> gap, Position position, String session);

    /** A channel's document; what is pushed after it comes after it. */
    byte[] document(Channel channel, Snapshot snapshot);
}
