package dev.heliograph.transport.ws;

import dev.heliograph.session.CloseReason;
import dev.heliograph.session.Session;
import dev.heliograph.session.SessionConfig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * All connected peers, by event loop. Once a second each loop pings those that were silent and closes those that did not
 * answer: one timer per loop, not per connection.
 */
@Singleton
final class WsPeers {
    private final SessionConfig config;
    private final Map<EventLoop, Set<WsPeer>> peers = new ConcurrentHashMap<>();
    private volatile boolean isDraining;

    WsPeers(SessionConfig config) {
        this.config = config;
    }

    /** On the peer's loop. */
    void add(WsPeer peer) {
        peers.computeIfAbsent(peer.session().outlet().loop(), this::watch).add(peer);
        if (isDraining) {
            peer.session().close(CloseReason.DRAINING);
        }
    }

    /** On the peer's loop. */
    void remove(WsPeer peer) {
        peers.getOrDefault(peer.session().outlet().loop(), Set.of()).remove(peer);
    }

    /** When the shutdown proper begins it is too late: the HTTP server closes first, and says nothing of why. */
    void closeAll(@Observes ShutdownDelayInitiatedEvent shutdown) {
        isDraining = true;
        peers.forEach((loop, some) -> loop.execute(() -> List.copyOf(some).stream()
                .map(WsPeer::session)
                .forEach(session -> session.close(CloseReason.DRAINING))));
    }

    private Set<WsPeer> watch(EventLoop loop) {
        Set<WsPeer> some = new LinkedHashSet<>();
        ScheduledFuture<?> endsWithTheLoop = loop.scheduleAtFixedRate(() -> check(some), 1, 1, TimeUnit.SECONDS);
        assert endsWithTheLoop != null;
        return some;
    }

    private void check(Set<WsPeer> some) {
        long now = System.nanoTime();
        for (WsPeer peer : List.copyOf(some)) {
            Session session = peer.session();
            if (peer.isDead(now, config.pingTimeout().toNanos())) {
                session.close(CloseReason.PING_TIMEOUT);
            } else if (peer.isDueForPing(now, config.pingInterval().toNanos())) {
                peer.ping(now);
            }
        }
    }
}
