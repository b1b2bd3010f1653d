package dev.heliograph.transport.sse;

import dev.heliograph.event.Channel;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import dev.heliograph.session.CursorVector;
import java.util.List;
import java.util.Optional;

/**
 * What a client that listens to several channels is sent: the id of an event says where this client stands in all of them
 * once it has the event, so it is encoded for this client. Belongs to the client's event loop.
 */
final class SseVectorFormat implements SseFormat {
    private final SseFraming framing;
    private final List<Channel> channels;
    private final CursorVector sent;

    /** @param cursor where the client says that it stands; changed as it is sent more */
    SseVectorFormat(SseFraming framing, List<Channel> channels, CursorVector cursor) {
        this.framing = framing;
        this.channels = List.copyOf(channels);
        this.sent = cursor;
    }

    @Override
    public boolean isShared() {
        // docs/decisions.md: Events for a client of several channels are encoded for that client
        return false;
    }

    @Override
    public byte[] event(Entry entry) {
        return SseEvents.event(framing, idAfter(entry.channel(), entry.position()), entry);
    }

    @Override
    public byte[] sync(Channel channel, Optional<Gap> gap, Position position, String session) {
        return SseEvents.sync(framing, idAfter(channel, position), channel, gap, position, session);
    }

    @Override
    public byte[] document(Channel channel, Snapshot snapshot) {
        return SseEvents.document(framing, idAfter(channel, snapshot.top()), channel, snapshot);
    }

    private String idAfter(Channel channel, Position position) {
        sent.set(channels.indexOf(channel), position);
        return sent.cursor();
    }
}
