package dev.heliograph.transport.sse;

import dev.heliograph.access.Identity;
import dev.heliograph.access.Revocations;
import dev.heliograph.hub.Roster;
import dev.heliograph.session.Draining;
import dev.heliograph.session.Session;
import dev.heliograph.session.SessionConfig;
import dev.heliograph.wire.CloseReason;
import io.netty.channel.EventLoop;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All open event streams: keeps proxies from thinking them dead, and ends them when the node does. */
@Singleton
final class SsePeers {
    private static final int ID_BYTES = 16;

    private final SessionConfig config;
    private final Revocations revocations;
    private final Roster<SsePeer> roster =
            new Roster<>(this::beat, peer -> peer.session().close(CloseReason.DRAINING));

    /** Those whose tokens end, by an id that only the client knows. */
    private final Map<String, SsePeer> byId = new ConcurrentHashMap<>();

    private final SecureRandom random = new SecureRandom();

    SsePeers(SessionConfig config, Revocations revocations) {
        this.config = config;
        this.revocations = revocations;
        revocations.whenAdded(() -> roster.forEach(peer -> peer.session().endIfRevoked(revocations)));
    }

    /** Until its session ends. */
    void add(SsePeer peer) {
        EventLoop loop = peer.session().outlet().loop();
        peer.session().whenEnded(() -> roster.remove(loop, peer));
        if (peer.session()
                .caller()
                .identity()
                .filter(identity -> identity.expires() != null)
                .isPresent()) {
            addById(peer);
        }
        roster.add(loop, peer);
    }

    private void addById(SsePeer peer) {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        byId.put(id, peer);
        peer.session().whenEnded(() -> byId.remove(id));
        peer.tellId(id);
    }

    /** Whether this node has the stream. From any thread. */
    boolean has(String id) {
        return byId.containsKey(id);
    }

    /**
     * Puts a newer token in the place of the one by which a stream was opened. From any thread.
     *
     * @return whether this node has such a stream of the same subject, on its loop; fails as {@link Session#renew}
     */
    Uni<Boolean> refresh(String id, Identity newer) {
        SsePeer peer = byId.get(id);
        if (peer == null) {
            return Uni.createFrom().item(false);
        }
        return Uni.createFrom()
                .voidItem()
                .emitOn(peer.session().outlet().loop())
                .chain(() -> refresh(peer.session(), newer));
    }

    private static Uni<Boolean> refresh(Session session, Identity newer) {
        boolean isSame = session.caller()
                .identity()
                .filter(present -> present.isSameAs(newer))
                .isPresent();
        if (!isSame) {
            return Uni.createFrom().item(false);
        }
        return session.decided(newer).emitOn(session.outlet()::onLoop).map(decided -> {
            if (session.hasEnded()) {
                return false;
            }
            session.renew(decided);
            return true;
        });
    }

    /** Before the shutdown proper, which closes the HTTP server first. */
    void closeAll(@Observes Draining draining) {
        roster.drain(config.drainWindow());
    }

    private void beat(SsePeer peer) {
        // As in SocketPeers: it may have come in just before.
        peer.session().endIfRevoked(revocations);
        peer.beat(System.nanoTime(), config.heartbeatInterval().toNanos());
    }
}
