package dev.heliograph.edge;

import dev.heliograph.http.route.Sockets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Holds back the requests that a client sends ahead over one HTTP/1.x connection (RFC 9112, section 9.3.2). A request
 * begins when the client has taken most of the earlier answers, because a client may ask many times and read nothing.
 * {@link UnansweredRequests} bounds the number of waiting requests.
 */
@Singleton
final class Pipelining {
    // docs/decisions.md: The gateway stops reading from a client that does not read
    private static final AttributeKey<UnansweredRequests> UNANSWERED = AttributeKey.valueOf("heliograph.unanswered");

    private final Counter hangups;

    Pipelining(MeterRegistry metrics) {
        hangups = Counter.builder("heliograph_node_hangups")
                .description("Connections that were closed since too many requests were sent ahead of their answers")
                .register(metrics);
    }

    void register(@Observes Filters filters) {
        FilterOrder.PIPELINING.register(filters, this::begin);
    }

    /** Requests that Vert.x refuses by itself, for example for their Host, come to no filter. */
    void register(@Observes Router router) {
        router.route().order(-FilterOrder.PIPELINING.priority()).failureHandler(context -> {
            if (isPipelined(context)) {
                unanswered(context);
            }
            context.next();
        });
    }

    private void begin(RoutingContext context) {
        if (!isPipelined(context)) {
            context.next();
            return;
        }
        UnansweredRequests requests = unanswered(context);
        HttpServerResponse response = context.response();
        if (requests.hasEnded()) {
            // In a call of its own, as below.
            context.vertx().runOnContext(later -> discard(response));
            return;
        }
        if (response.writeQueueFull()) {
            // The body also waits, because Quarkus pauses a request until it is read. If the client leaves, nothing
            // keeps it.
            response.drainHandler(drained -> {
                response.drainHandler(null);
                begin(context);
            });
        } else if (!requests.begin(context::next)) {
            context.vertx().runOnContext(later -> begin(context));
        }
    }

    /**
     * Vert.x counts the request as under way until its response ends. A request that began before the client left is closed
     * already.
     */
    private static void discard(HttpServerResponse response) {
        if (!response.ended() && !response.closed()) {
            response.end();
        }
    }

    private static boolean isPipelined(RoutingContext context) {
        return context.request().version() != HttpVersion.HTTP_2;
    }

    static HttpFraming framing(HttpServerRequest request) {
        return new HttpFraming(
                request.version() == HttpVersion.HTTP_1_0,
                request.headers().getAll(HttpHeaderNames.CONNECTION),
                request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING));
    }

    /**
     * The counter of the connection. It begins with the first request, because no code of ours sees the connection before.
     */
    private UnansweredRequests unanswered(RoutingContext context) {
        Channel channel = Sockets.of(context.request());
        Attribute<UnansweredRequests> attribute = channel.attr(UNANSWERED);
        UnansweredRequests present = attribute.get();
        if (present == null) {
            present = new UnansweredRequests(hangups, framing(context.request()).endsConnection());
            Sockets.addBeforeVertx(channel, null, present);
            attribute.set(present);
        }
        return present;
    }
}
