package dev.heliograph.transport.socket;

import dev.heliograph.access.Connections;
import dev.heliograph.event.Channel;
import dev.heliograph.http.route.Sockets;
import dev.heliograph.hub.SocketOutlet;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.session.Session;
import dev.heliograph.session.Sessions;
import dev.heliograph.wire.CloseReason;
import dev.heliograph.wire.Closing;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.quarkus.logging.Log;
import io.quarkus.websockets.next.WebSocketConnection;
import java.time.Instant;

/**
 * The client at the other end of one WebSocket, whatever protocol it speaks: its session, when it was last heard, how it is
 * closed. Belongs to the connection's event loop.
 */
public final class SocketPeer {
    private final WebSocketConnection connection;
    private final SocketPeers.Format format;
    private final SocketOpening opening;
    private final SocketOutlet outlet;
    private final SocketGuard guard;
    private final Connections.Place place;
    private final Session session;
    private final long openedAtNanos = System.nanoTime();
    private boolean wasInTime;
    private long heardAtNanos = openedAtNanos;
    private long pingedAtNanos = heardAtNanos;

    SocketPeer(WebSocketConnection connection, SocketPeers.Format format, Sessions sessions, int maxMessageBytes) {
        this.connection = connection;
        this.format = format;
        this.opening = connection.userData().get(SocketUpgrade.OPENING);
        this.outlet = new SocketOutlet(opening.socket(), format);
        this.place = opening.socket().attr(SocketHandshake.PLACE).get();
        this.session = sessions.open(place.opener(), outlet, new Client());
        this.guard = new SocketGuard(outlet, this, maxMessageBytes);
        Sockets.addBeforeVertx(opening.socket(), "heliograph", guard);
        // Vert.x is deaf after a message whose first frame is empty, so it gets whole messages only.
        Sockets.addBeforeVertx(opening.socket(), null, new WebSocketFrameAggregator(maxMessageBytes));
    }

    public Session session() {
        return session;
    }

    /** Where the connection is counted. */
    public Connections.Place place() {
        return place;
    }

    /** Lets the client's messages come; to be called once, when the protocol is ready for them. */
    public void begin() {
        opening.end();
    }

    /** Sends finished frames, after all that was sent before; silently nothing once the session has ended. */
    public void send(byte[] frames) {
        outlet.send(frames);
    }

    public void send(Problem problem) {
        send(format.error(problem));
    }

    /** Counts a frame that is no request; false, after the client was told so, if it is one too many. */
    public boolean countFrame(int bytes) {
        if (session.hasEnded()) {
            return false;
        }
        try {
            session.countFrame(bytes);
            return true;
        } catch (ProblemException tooMany) {
            send(tooMany.problem());
            return false;
        }
    }

    /** To be called for each message and pong. */
    public void heard() {
        heardAtNanos = System.nanoTime();
    }

    /** Whether it was silent for that long, and no ping is unanswered: another would put off its end. */
    boolean isDueForPing(long nowNanos, long intervalNanos) {
        return !guard.isDeaf() && heardAtNanos - pingedAtNanos >= 0 && nowNanos - heardAtNanos >= intervalNanos;
    }

    void ping(long nowNanos) {
        pingedAtNanos = nowNanos;
        send(SocketFrames.PING);
    }

    /** Whether it was pinged that long ago and nothing was heard of it since. */
    boolean isDead(long nowNanos, long timeoutNanos) {
        return !guard.isDeaf() && pingedAtNanos - heardAtNanos > 0 && nowNanos - pingedAtNanos >= timeoutNanos;
    }

    /** Whether at the end of that time the client has neither said who it is nor subscribed. Asks once. */
    boolean isLate(long nowNanos, long timeoutNanos) {
        if (wasInTime || nowNanos - openedAtNanos < timeoutNanos || session.isIdentifying() || guard.isDeaf()) {
            return false;
        }
        wasInTime = true;
        return session.isOfNobody();
    }

    /** Reads nothing more of the client until {@link #readOn}. What is read already still comes. */
    public void readNothing() {
        guard.deafen(true);
        opening.socket().config().setAutoRead(false);
    }

    /** Whether nothing is read of the client, whatever it sends. */
    public boolean isDeaf() {
        return guard.isDeaf();
    }

    public void readOn() {
        guard.deafen(false);
        // What it has sent meanwhile comes only now.
        heard();
        // Otherwise the guard does it, when the client has taken what it was sent.
        if (opening.socket().isWritable()) {
            opening.socket().config().setAutoRead(true);
        }
    }

    private final class Client implements Session.Client {
        @Override
        public void close(CloseReason reason) {
            if (connection.isClosed()) {
                // The client has just gone by itself; Quarkus would warn of it.
                return;
            }
            send(format.closing(Closing.of(reason)));
            connection
                    .close(new io.quarkus.websockets.next.CloseReason(reason.code(), reason.text()))
                    .subscribe()
                    .with(done -> {}, failure -> Log.debugf(failure, "Cannot close a WebSocket [%s]", connection.id()));
        }

        @Override
        public void onTokenExpiring(Instant expires) {
            send(format.tokenExpiring(expires));
        }

        @Override
        public void onUnsubscribed(Channel channel, Problem why) {
            send(format.unsubscribed(channel, why));
        }
    }
}
