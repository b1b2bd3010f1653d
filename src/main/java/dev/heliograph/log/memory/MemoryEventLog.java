package dev.heliograph.log.memory;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import io.smallrye.mutiny.Uni;
import java.time.Clock;

/** The event log in this process: nothing outlives it, and no other node sees it. */
public final class MemoryEventLog implements EventLog, Feed {
    public MemoryEventLog(Catalogue catalogue, long maxBytes, Clock clock) {}

    @Override
    public Uni<Accepted> append(Event event, String idempotencyKey) {
        return Uni.createFrom().failure(new UnsupportedOperationException());
    }

    @Override
    public Uni<History> since(Channel channel, Position after, int limit) {
        return Uni.createFrom().failure(new UnsupportedOperationException());
    }

    @Override
    public Uni<Void> follow(Channel channel) {
        return Uni.createFrom().voidItem();
    }

    @Override
    public void unfollow(Channel channel) {}

    @Override
    public void listen(Listener listener) {}
}
