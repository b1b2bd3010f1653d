package dev.heliograph.edge;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** The order in which a request passes the front door, from the first filter to the last. */
enum FilterOrder {
    /** First, because a request that waits here has not begun: nothing may count or answer it before. */
    PIPELINING(330),
    /** Before everything that answers. */
    DATE(320),
    /** Before Quarkus' own CORS filter (300), which refuses without a body. */
    ORIGINS(310),
    /** After authentication (200). */
    CALLERS(195),
    /** After it is known who asks. */
    INSPECTION(193),
    // docs/decisions.md: 429 is decided after CORS and authentication
    /** After CORS, so that scripts may read the refusal; after authentication (200), before everything that works. */
    RATE_LIMITS(190),
    /** Before Quarkus' own limit on bodies, which answers without a body. */
    LAYER_PROBLEMS(100),
    ALLOWED_METHODS(90);

    private final int priority;

    FilterOrder(int priority) {
        this.priority = priority;
    }

    /** As Quarkus counts: the highest comes first. */
    int priority() {
        return priority;
    }

    void register(Filters filters, Handler<RoutingContext> filter) {
        filters.register(filter, priority);
    }
}
