package dev.heliograph.transport.sse;

import dev.heliograph.access.Revocations;
import dev.heliograph.hub.Roster;
import dev.heliograph.session.SessionConfig;
import dev.heliograph.wire.CloseReason;
import io.netty.channel.EventLoop;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** All open event streams: keeps proxies from thinking them dead, and ends them when the node does. */
@Singleton
final class SsePeers {
    private final SessionConfig config;
    private final Revocations revocations;
    private final Roster<SsePeer> roster =
            new Roster<>(this::beat, peer -> peer.session().close(CloseReason.DRAINING));

    SsePeers(SessionConfig config, Revocations revocations) {
        this.config = config;
        this.revocations = revocations;
        revocations.whenAdded(() -> roster.forEach(peer -> peer.session().endIfRevoked(revocations)));
    }

    /** Until its session ends. */
    void add(SsePeer peer) {
        EventLoop loop = peer.session().outlet().loop();
        peer.session().whenEnded(() -> roster.remove(loop, peer));
        roster.add(loop, peer);
    }

    /** Before the shutdown proper, which closes the HTTP server first. */
    void closeAll(@Observes ShutdownDelayInitiatedEvent shutdown) {
        roster.drain();
    }

    private void beat(SsePeer peer) {
        // As in SocketPeers: it may have come in just before.
        peer.session().endIfRevoked(revocations);
        peer.beat(System.nanoTime(), config.heartbeatInterval().toNanos());
    }
}
