package dev.heliograph.transport.ws;

import dev.heliograph.hub.Roster;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.session.SessionConfig;
import dev.heliograph.wire.CloseReason;
import io.netty.channel.EventLoop;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** All connected peers: pings those that were silent, and closes those that did not answer. */
@Singleton
final class WsPeers {
    private final SessionConfig config;
    private final Roster<WsPeer> roster =
            new Roster<>(this::check, peer -> peer.session().close(CloseReason.DRAINING));

    WsPeers(SessionConfig config) {
        this.config = config;
    }

    /** Until its session ends. */
    void add(WsPeer peer) {
        EventLoop loop = peer.session().outlet().loop();
        peer.session().whenEnded(() -> roster.remove(loop, peer));
        roster.add(loop, peer);
    }

    /** @throws ProblemException {@code draining}. From any thread. */
    void requireOpen() {
        roster.requireOpen();
    }

    /** When the shutdown proper begins it is too late: the HTTP server closes first, and says nothing of why. */
    void closeAll(@Observes ShutdownDelayInitiatedEvent shutdown) {
        roster.drain();
    }

    private void check(WsPeer peer) {
        long now = System.nanoTime();
        if (peer.isDead(now, config.pingTimeout().toNanos())) {
            peer.session().close(CloseReason.PING_TIMEOUT);
        } else if (peer.isDueForPing(now, config.pingInterval().toNanos())) {
            peer.ping(now);
        }
    }
}
