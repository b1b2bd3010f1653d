package dev.heliograph.edge;

import dev.heliograph.access.AccessConfig;
import dev.heliograph.access.Caller;
import dev.heliograph.access.Identities;
import dev.heliograph.access.Identity;
import dev.heliograph.event.Catalogue;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemMapper;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Says of each request, handshakes of WebSockets included, who makes it. A request that shows something is refused if that is
 * not valid: never does it become one of nobody.
 */
@Singleton
final class Callers {
    private final Catalogue catalogue;
    private final Identities identities;
    private final Credentials credentials;
    private final boolean hasKeys;
    private final Caller anonymous;

    Callers(Catalogue catalogue, Identities identities, Credentials credentials, AccessConfig config) {
        this.catalogue = catalogue;
        this.identities = identities;
        this.credentials = credentials;
        this.hasKeys = config.hasKeys();
        this.anonymous = Caller.anonymous(catalogue, !hasKeys);
    }

    void register(@Observes Filters filters) {
        FilterOrder.CALLERS.register(filters, this::identify);
    }

    private void identify(RoutingContext context) {
        // A gateway without keys asks nobody, whatever they show.
        String credential;
        try {
            String ticket = hasKeys ? credentials.ticketOf(context) : null;
            if (ticket != null) {
                identify(context, identities.ofTicket(ticket));
                return;
            }
            credential = hasKeys ? credentials.of(context) : null;
        } catch (ProblemException refused) {
            HttpProblem.answer(context, refused.problem());
            return;
        }
        if (credential == null) {
            Exchange.comesFrom(context, anonymous);
            context.next();
            return;
        }
        identify(context, identities.of(credential));
    }

    private void identify(RoutingContext context, Uni<Identity> identity) {
        Exchange.onLoop(context, identity)
                .subscribe()
                .with(
                        known -> {
                            Exchange.comesFrom(context, Caller.of(catalogue, known));
                            context.next();
                        },
                        failure -> HttpProblem.answer(context, ProblemMapper.toProblem(failure)));
    }
}
