package dev.heliograph.transport.sse;

import static dev.heliograph.wire.WireNames.CURSOR;

import dev.heliograph.access.Caller;
import dev.heliograph.access.Connections;
import dev.heliograph.event.Catalogue;
import dev.heliograph.http.Query;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import dev.heliograph.http.route.Sockets;
import dev.heliograph.hub.FrameOutlet;
import dev.heliograph.hub.SocketOutlet;
import dev.heliograph.session.CursorVector;
import dev.heliograph.session.Selection;
import dev.heliograph.session.Sessions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/** {@code GET /api/realtime/sse}: opens event streams; {@code HEAD} tells their headers. On the connection's event loop. */
@Singleton
final class SseEndpoint {
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    /** Where polyfills put it when they come back, since they may not set headers. They leave the other parameters alone. */
    private static final List<String> LAST_EVENT_ID_PARAMETERS = List.of("lastEventId", "last_event_id");

    /** The front door has read {@code ticket}. */
    private static final Set<String> SINGLE =
            Set.of(CURSOR, Selection.DOCUMENT, "lastEventId", "last_event_id", "ticket");
    /** Neither caches nor proxies may keep or change any of it (RFC 9111, section 5.2.2). */
    private static final String CACHE_CONTROL = "no-cache, no-store, no-transform";

    private final Catalogue catalogue;
    private final Sessions sessions;
    private final SsePeers peers;
    private final Connections connections;

    SseEndpoint(Catalogue catalogue, Sessions sessions, SsePeers peers, Connections connections) {
        this.catalogue = catalogue;
        this.sessions = sessions;
        this.peers = peers;
        this.connections = connections;
    }

    void register(@Observes Router router) {
        router.route(Route.SSE.pattern())
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::open);
    }

    private void open(RoutingContext context) {
        HttpServerRequest request = context.request();
        // A semicolon is a legal character of channel names.
        Query query = Query.read(request.params(true), SINGLE, Set.of(Selection.CHANNEL, Selection.EVENT));
        Caller caller = Exchange.caller(context);
        Exchange.read(
                context,
                () -> Selection.read(catalogue, caller, query),
                selection -> open(context, query, caller, selection));
    }

    private void open(RoutingContext context, Query query, Caller caller, Selection selection) {
        HttpServerRequest request = context.request();
        CursorVector cursor = cursor(selection, query, request.getHeader(LAST_EVENT_ID));
        if (request.method().equals(HttpMethod.HEAD)) {
            putHeaders(request.response());
            request.response().end();
            return;
        }
        Connections.Place place = connections.enter(caller, Connections.Transport.SSE);
        try {
            stream(request, caller, selection, cursor, place::leave);
        } catch (RuntimeException failure) {
            place.leave();
            throw failure;
        }
    }

    private void stream(
            HttpServerRequest request, Caller caller, Selection selection, CursorVector cursor, Runnable whenEnded) {
        putHeaders(request.response());
        // At once, so that proxies pass on the head and the browser knows that the stream is open. It is a line of the
        // block that comes first, a sync as a rule, because readers take a block without data for an event.
        request.response().setChunked(true).write("retry: " + SsePeer.retryMillis() + "\n");
        SsePeer peer = peer(request, caller, selection, cursor);
        peer.session().whenEnded(whenEnded);
        request.response().closeHandler(closed -> peer.session().end());
        request.response().exceptionHandler(broken -> peer.session().end());
        peers.add(peer);
        if (!peer.session().hasEnded()) {
            peer.listen();
        }
    }

    private static CursorVector cursor(Selection selection, Query query, String lastEventId) {
        if (isTold(lastEventId)) {
            return selection.cursor(LAST_EVENT_ID, lastEventId);
        }
        for (String name : LAST_EVENT_ID_PARAMETERS) {
            if (isTold(query.one(name))) {
                return selection.cursor(name, query.one(name));
            }
        }
        return selection.cursor(CURSOR, query.one(CURSOR));
    }

    private static boolean isTold(String lastEventId) {
        return lastEventId != null && !lastEventId.isEmpty();
    }

    private static void putHeaders(HttpServerResponse response) {
        response.putHeader(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaderNames.CACHE_CONTROL, CACHE_CONTROL)
                // Asks nginx not to buffer.
                .putHeader("X-Accel-Buffering", "no");
    }

    private SsePeer peer(HttpServerRequest request, Caller caller, Selection selection, CursorVector cursor) {
        Channel socket = Sockets.of(request);
        boolean isChunked = request.version() == HttpVersion.HTTP_1_1;
        SseFraming framing = isChunked ? SseFraming.CHUNKS : SseFraming.RAW;
        SseFormat format = selection.channels().size() > 1
                ? new SseVectorFormat(framing, selection.channels(), cursor)
                : isChunked ? SseChannelFormat.CHUNKS : SseChannelFormat.RAW;
        HttpServerResponse response = request.response();
        FrameOutlet outlet;
        if (request.version() == HttpVersion.HTTP_2) {
            outlet = new SseResponseOutlet(response, socket, format);
            response.drainHandler(drained -> outlet.onWritable());
        } else {
            outlet = new SocketOutlet(socket, format);
            Sockets.addBeforeVertx(socket, "heliograph", new ResumeWhenWritable(outlet));
            response.endHandler(ended -> request.connection().close());
        }
        return new SsePeer(sessions, caller, response, outlet, format, framing, selection, cursor);
    }

    private static final class ResumeWhenWritable extends ChannelInboundHandlerAdapter {
        private final FrameOutlet outlet;

        ResumeWhenWritable(FrameOutlet outlet) {
            this.outlet = outlet;
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
            if (context.channel().isWritable()) {
                outlet.onWritable();
            }
            super.channelWritabilityChanged(context);
        }
    }
}
