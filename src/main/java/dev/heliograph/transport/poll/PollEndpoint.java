package dev.heliograph.transport.poll;

import dev.heliograph.access.Caller;
import dev.heliograph.access.Revocations;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.http.EntityTag;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import dev.heliograph.http.route.Sockets;
import dev.heliograph.hub.Hub;
import dev.heliograph.hub.Roster;
import dev.heliograph.latest.LatestEvents;
import dev.heliograph.log.Position;
import dev.heliograph.session.CursorVector;
import dev.heliograph.session.Draining;
import dev.heliograph.session.Sessions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** {@code GET /api/realtime/poll}: answers polls. On the connection's event loop. */
@Singleton
final class PollEndpoint {
    /** How long a poll that does not wait may take: longer than following a channel and reading it, or failing at that. */
    private static final int LOG_PATIENCE_MILLIS = 15_000;

    private final Catalogue catalogue;
    private final Hub hub;
    private final Sessions sessions;
    private final LatestEvents latestEvents;
    private final PollAnswers answers;
    private final FirstPoll first;
    private final PollDocuments documents;
    private final Revocations revocations;
    private final Roster<Waiting> waiting = new Roster<>(this::endIfRevoked, Waiting::hurry);

    PollEndpoint(
            Catalogue catalogue,
            Hub hub,
            Sessions sessions,
            LatestEvents latestEvents,
            PollAnswers answers,
            FirstPoll first,
            PollDocuments documents,
            Revocations revocations) {
        this.catalogue = catalogue;
        this.hub = hub;
        this.sessions = sessions;
        this.latestEvents = latestEvents;
        this.answers = answers;
        this.first = first;
        this.documents = documents;
        this.revocations = revocations;
        revocations.whenAdded(() -> waiting.forEach(this::endIfRevoked));
    }

    void register(@Observes Router router) {
        router.route(Route.POLL.pattern())
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::poll);
    }

    /** Those that wait are answered at once, those that come after do not wait, and all go to another node. */
    void answerAll(@Observes Draining draining) {
        waiting.drain(Duration.ZERO);
    }

    private void endIfRevoked(Waiting client) {
        client.peer.endIfRevoked(revocations);
    }

    private void poll(RoutingContext context) {
        if (waiting.isDraining()) {
            drain(context);
        }
        EventLoop loop = Sockets.of(context.request()).eventLoop();
        Caller caller = Exchange.caller(context);
        Exchange.read(
                context,
                () -> PollRequest.read(catalogue, caller, context.request(), channel -> hub.tail(channel, loop)),
                request -> poll(context, loop, request));
    }

    private void poll(RoutingContext context, EventLoop loop, PollRequest request) {
        if (request.isConditional() && !request.mayWait() && isUpToDate(request, loop)) {
            nothingNew(context, request.cursor().cursor());
            return;
        }
        if (request.wantsDocuments()) {
            Exchange.answer(
                    context,
                    documents.answer(request.selection(), request.cursor()),
                    body -> ok(context, request.cursor().cursor(), body));
            return;
        }
        var client = new Waiting(context, request, loop);
        context.response().closeHandler(gone -> client.peer.abandon());
        client.peer.whenEnded(() -> waiting.remove(loop, client));
        waiting.add(loop, client);
        client.peer.start(patienceMillis(request));
    }

    private static void drain(RoutingContext context) {
        if (context.request().version() != HttpVersion.HTTP_2) {
            // RFC 9113, section 8.2.2: an answer over HTTP/2 with this header is malformed.
            context.response().putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    /** Without a look at the log, as long as this node follows the channels. */
    private boolean isUpToDate(PollRequest request, EventLoop loop) {
        List<Channel> channels = request.selection().channels();
        for (int i = 0; i < channels.size(); i++) {
            Position at = request.cursor().at(i);
            if (hub.tail(channels.get(i), loop).filter(tail -> tail.equals(at)).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Up to a tenth less than was asked for, so that clients do not come back all at once. */
    private static long patienceMillis(PollRequest request) {
        if (!request.mayWait()) {
            return LOG_PATIENCE_MILLIS;
        }
        long millis = request.patience().toMillis();
        return millis - ThreadLocalRandom.current().nextLong(millis / 10 + 1);
    }

    /** With a body if the client is to be told that its token ends soon: 304 has none. */
    private void nothingNew(RoutingContext context, String cursor) {
        if (Exchange.caller(context).expiring(Instant.now()).isPresent()) {
            ok(context, cursor, PollBody.ofNothing(cursor, System.currentTimeMillis()));
        } else {
            notModified(context.response(), cursor);
        }
    }

    private void notModified(HttpServerResponse response, String cursor) {
        latestEvents.countNotModified();
        response.setStatusCode(HttpResponseStatus.NOT_MODIFIED.code())
                .putHeader(HttpHeaderNames.ETAG, EntityTag.of(cursor))
                .putHeader(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .putHeader(HttpHeaderNames.RETRY_AFTER, HttpHeaderValues.ZERO)
                .end();
    }

    /** @param json an object, perhaps shared with others */
    private static void ok(RoutingContext context, String cursor, byte[] json) {
        ByteBuf body = Exchange.caller(context)
                .expiring(Instant.now())
                .map(expires -> Unpooled.wrappedBuffer(
                        Unpooled.wrappedBuffer(json, 0, json.length - 1),
                        Unpooled.wrappedBuffer(PollBody.tokenExpires(expires))))
                .orElseGet(() -> Unpooled.wrappedBuffer(json));
        context.response()
                .putHeader(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .putHeader(HttpHeaderNames.ETAG, EntityTag.of(cursor))
                .putHeader(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        Exchange.end(context, Buffer.buffer(body));
    }

    /** A poll and the request that it will answer. */
    private final class Waiting implements PollPeer.Outcome {
        private final RoutingContext context;
        private final PollPeer peer;

        Waiting(RoutingContext context, PollRequest request, EventLoop loop) {
            this.context = context;
            this.peer = new PollPeer(sessions, Exchange.caller(context), request, loop, this);
        }

        void hurry() {
            drain(context);
            peer.hurry();
        }

        @Override
        public void answer(PollPeer answered, CursorVector at, PollOutlet told) {
            String cursor = at.cursor();
            PollRequest request = peer.request();
            if (!told.isEmpty()) {
                answer(cursor, told);
            } else if (request.isConditional()) {
                nothingNew(context, cursor);
            } else {
                Exchange.answer(
                        context,
                        first.answer(Exchange.caller(context), request.selection(), at),
                        body -> ok(context, at.cursor(), body));
            }
        }

        private void answer(String cursor, PollOutlet told) {
            PollRequest request = peer.request();
            var key = new PollAnswers.Answered(
                    request.selection(), request.cursor().cursor(), cursor, told.bytes());
            try {
                byte[] body = answers.share(
                        peer.loop(),
                        key,
                        () -> PollBody.of(told.events(), told.gaps(), cursor, System.currentTimeMillis()));
                ok(context, cursor, body);
            } catch (RuntimeException failure) {
                // As by an entry that nobody can show: nobody else would answer.
                context.fail(failure);
            }
        }

        @Override
        public void fail(PollPeer failed, Throwable failure) {
            context.fail(failure);
        }
    }
}
