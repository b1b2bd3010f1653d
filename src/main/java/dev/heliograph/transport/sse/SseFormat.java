package dev.heliograph.transport.sse;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.DocumentLog.Snapshot;

/** What event streams are made of. */
interface SseFormat extends WireFormat {
    /** A channel's document; what is pushed after it comes after it. */
    byte[] document(Channel channel, Snapshot snapshot);
}
