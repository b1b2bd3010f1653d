package dev.heliograph.transport.socket;

import dev.heliograph.access.Revocations;
import dev.heliograph.event.Channel;
import dev.heliograph.hub.Roster;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.session.Draining;
import dev.heliograph.session.SessionConfig;
import dev.heliograph.session.Sessions;
import dev.heliograph.wire.CloseReason;
import dev.heliograph.wire.Closing;
import io.netty.channel.EventLoop;
import io.quarkus.websockets.next.WebSocketConnection;
import io.quarkus.websockets.next.runtime.config.WebSocketsServerRuntimeConfig;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;

/** All clients that are connected over WebSocket: pings those that were silent, and closes those that did not answer. */
@Singleton
public final class SocketPeers {
    private final Sessions sessions;
    private final SessionConfig config;
    private final Revocations revocations;
    private final int maxMessageBytes;
    private final Roster<SocketPeer> roster =
            new Roster<>(this::check, peer -> peer.session().close(CloseReason.DRAINING));

    SocketPeers(
            Sessions sessions, SessionConfig config, Revocations revocations, WebSocketsServerRuntimeConfig sockets) {
        this.sessions = sessions;
        this.config = config;
        this.revocations = revocations;
        revocations.whenAdded(() -> roster.forEach(peer -> peer.session().endIfRevoked(revocations)));
        this.maxMessageBytes = sockets.maxMessageSize().orElseThrow();
    }

    /**
     * Opens the session of a connection that has just been upgraded. On its event loop.
     *
     * @return to be told to {@linkplain SocketPeer#begin begin}; its session to be ended when the connection is closed
     */
    public SocketPeer open(WebSocketConnection connection, Format format) {
        var peer = new SocketPeer(connection, format, sessions, maxMessageBytes);
        EventLoop loop = peer.session().outlet().loop();
        peer.session().whenEnded(() -> roster.remove(loop, peer));
        roster.add(loop, peer);
        return peer;
    }

    /** @throws ProblemException {@code draining}. From any thread. */
    void requireOpen() {
        roster.requireOpen();
    }

    /** When the shutdown proper begins it is too late: the HTTP server closes first, and says nothing of why. */
    void closeAll(@Observes Draining draining) {
        roster.drain(config.drainWindow());
    }

    private void check(SocketPeer peer) {
        // Whoever came in just before a revocation was not here yet when all were looked at.
        peer.session().endIfRevoked(revocations);
        long now = System.nanoTime();
        if (peer.isDead(now, config.pingTimeout().toNanos())) {
            peer.session().close(CloseReason.PING_TIMEOUT);
        } else if (peer.isDueForPing(now, config.pingInterval().toNanos())) {
            peer.ping(now);
        }
        if (peer.isLate(now, config.authenticationTimeout().toNanos())) {
            peer.session().close(CloseReason.UNAUTHENTICATED);
        }
    }

    /** What a protocol says without being asked, as finished frames. */
    public interface Format extends WireFormat {
        /** A problem of the connection, or of a frame that is no request. */
        byte[] error(Problem problem);

        /** The last frame before the closing frame. */
        byte[] closing(Closing closing);

        /** The client's token ends soon. */
        byte[] tokenExpiring(Instant expires);

        /** The client does not listen to a channel any more. */
        byte[] unsubscribed(Channel channel, Problem why);
    }
}
