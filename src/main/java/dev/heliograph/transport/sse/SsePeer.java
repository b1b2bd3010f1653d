package dev.heliograph.transport.sse;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Channel;
import dev.heliograph.hub.FrameOutlet;
import dev.heliograph.hub.WireFormat;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemMapper;
import dev.heliograph.session.CursorVector;
import dev.heliograph.session.Selection;
import dev.heliograph.session.Session;
import dev.heliograph.session.Sessions;
import dev.heliograph.wire.CloseReason;
import dev.heliograph.wire.Closing;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** The client at the other end of one event stream. Belongs to the connection's event loop. */
final class SsePeer {
    private static final int LEAST_RETRY_MILLIS = 1000;
    private static final int RETRY_SPREAD_MILLIS = 4000;

    private final HttpServerResponse response;
    private final FrameOutlet outlet;
    private final SseFraming framing;
    private final SseFormat format;
    private final Session session;
    private final Selection selection;
    private final CursorVector cursor;
    /** Channels that the client does not listen to any more, because its newer token does not grant them. */
    private final Set<Channel> lost = new HashSet<>(0);
    /** What the client was last told in a heartbeat, or said itself. */
    private String toldAt;

    private long heartbeatAtNanos = System.nanoTime();

    /** @param cursor where the client says that it stands; changed as it is sent more */
    SsePeer(
            Sessions sessions,
            Caller caller,
            HttpServerResponse response,
            FrameOutlet outlet,
            SseFormat format,
            SseFraming framing,
            Selection selection,
            CursorVector cursor) {
        this.selection = selection;
        this.cursor = cursor;
        this.toldAt = cursor.cursor();
        this.response = response;
        this.outlet = outlet;
        this.framing = framing;
        this.format = format;
        this.session = sessions.open(caller, outlet, new Client());
    }

    Session session() {
        return session;
    }

    /** Milliseconds after which a browser that loses the stream comes back; not all at the same time. */
    static int retryMillis() {
        return LEAST_RETRY_MILLIS + ThreadLocalRandom.current().nextInt(RETRY_SPREAD_MILLIS);
    }

    void listen() {
        List<Channel> channels = selection.channels();
        for (int i = 0; i < channels.size() && !session.hasEnded(); i++) {
            Channel channel = channels.get(i);
            Position after = cursor.at(i);
            Uni.createFrom()
                    .<Object>deferred(() -> start(channel, after))
                    .subscribe()
                    .with(started -> {}, failure -> fail(channel, failure));
        }
    }

    private Uni<? extends Object> start(Channel channel, Position after) {
        if (after != null || !selection.wantsDocuments()) {
            return session.subscribe(channel, selection.filter(), after);
        }
        return session.subscribeWithDocument(channel, selection.filter())
                .invoke(snapshot -> outlet.send(format.document(channel, snapshot)));
    }

    /** @param id by which the client may refresh its token; told with the first sync */
    void tellId(String id) {
        outlet.encodeSyncsBy(new WireFormat() {
            @Override
            public byte[] event(Entry entry) {
                return format.event(entry);
            }

            @Override
            public byte[] sync(Channel channel, Optional<Gap> gap, Position position) {
                outlet.encodeSyncsBy(format);
                return format.sync(channel, gap, position, id);
            }
        });
    }

    private void fail(Channel channel, Throwable failure) {
        if (session.hasEnded() || lost.contains(channel)) {
            return;
        }
        Problem problem = ProblemMapper.toProblem(failure);
        outlet.send(SseEvents.problem(framing, problem));
        session.close(problem.type().isRetryable() ? CloseReason.UNAVAILABLE : CloseReason.INTERNAL);
    }

    /**
     * Through Vert.x, so that its idle timer sees that the client takes something. To a client that does not want every
     * event with the cursor, if it has moved since: by nothing else would it hear how far it is beyond the last that it
     * wanted. Others have it from the last event, and some would take an id alone for an event.
     */
    void beat(long nowNanos, long intervalNanos) {
        // An answer that has ended must not be written to; a client that takes nothing keeps it from closing for a
        // while.
        if (session.hasEnded() || nowNanos - heartbeatAtNanos < intervalNanos) {
            return;
        }
        heartbeatAtNanos = nowNanos;
        if (selection.types().isEmpty()) {
            response.write(Buffer.buffer(SseEvents.HEARTBEAT));
            return;
        }
        String servedUpTo = servedUpTo();
        boolean hasMoved = !servedUpTo.equals(toldAt);
        toldAt = servedUpTo;
        response.write(Buffer.buffer(hasMoved ? SseEvents.heartbeat(servedUpTo) : SseEvents.HEARTBEAT));
    }

    /** All up to there was written before: what the hub pushes, and this, go the same way on the same loop. */
    private String servedUpTo() {
        List<Channel> channels = selection.channels();
        for (int i = 0; i < channels.size(); i++) {
            Position position = session.servedUpTo(channels.get(i));
            if (position != null) {
                cursor.set(i, position);
            }
        }
        return cursor.cursor();
    }

    private final class Client implements Session.Client {
        @Override
        public void close(CloseReason reason) {
            outlet.send(SseEvents.closing(framing, Closing.of(reason)));
            response.end();
        }

        @Override
        public void onTokenExpiring(Instant expires) {
            outlet.send(SseEvents.tokenExpiring(framing, expires));
        }

        @Override
        public void onUnsubscribed(Channel channel, Problem why) {
            lost.add(channel);
            outlet.send(SseEvents.unsubscribed(framing, channel, why));
            if (lost.size() == selection.channels().size()) {
                session.close(CloseReason.FORBIDDEN);
            }
        }
    }
}
