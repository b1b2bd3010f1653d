package dev.heliograph.edge;

import dev.heliograph.access.Caller;
import dev.heliograph.http.route.Exchange;
import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Says of each request, handshakes of WebSockets included, who makes it. */
@Singleton
final class Callers {
    void register(@Observes Filters filters) {
        FilterOrder.CALLERS.register(filters, context -> {
            Exchange.comesFrom(context, Caller.ANYONE);
            context.next();
        });
    }
}
