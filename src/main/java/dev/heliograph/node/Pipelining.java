package dev.heliograph.node;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Holds back what a client sends ahead over one HTTP/1.x connection (RFC 9112, section 9.3.2): a request begins when the
 * client has taken most of what it was answered before, since it may ask many times and read nothing.
 */
@Singleton
final class Pipelining {
    // docs/decisions.md: A client that does not read is not read either
    /** Before whatever answers or counts: a request that waits here has not begun. Dates are at 320. */
    private static final int PRIORITY = 330;

    void register(@Observes Filters filters) {
        filters.register(this::begin, PRIORITY);
    }

    private void begin(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.writeQueueFull()) {
            // The body, if there is one, waits as well: Quarkus pauses a request until someone reads it. If the client
            // goes, nobody holds on to any of this.
            response.drainHandler(drained -> {
                response.drainHandler(null);
                begin(context);
            });
        } else {
            context.next();
        }
    }
}
