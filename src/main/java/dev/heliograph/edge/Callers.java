package dev.heliograph.edge;

import dev.heliograph.access.AccessConfig;
import dev.heliograph.access.Caller;
import dev.heliograph.access.Identities;
import dev.heliograph.access.Identity;
import dev.heliograph.access.Policy;
import dev.heliograph.event.Catalogue;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemMapper;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Says of each request, handshakes of WebSockets included, who makes it. A request that shows something is refused if that is
 * not valid: never does it become one of nobody.
 */
@Singleton
final class Callers {
    private static final String REFUSAL = "heliograph.refusal";

    private final Catalogue catalogue;
    private final Identities identities;
    private final Credentials credentials;
    private final boolean hasKeys;
    /** Null: nobody else decides. */
    private final Policy policy;

    Callers(
            Catalogue catalogue,
            Identities identities,
            Credentials credentials,
            AccessConfig config,
            Optional<Policy> policy) {
        this.catalogue = catalogue;
        this.identities = identities;
        this.credentials = credentials;
        this.hasKeys = config.hasKeys();
        this.policy = policy.orElse(null);
    }

    void register(@Observes Filters filters) {
        FilterOrder.CALLERS.register(filters, this::identify);
        FilterOrder.UNIDENTIFIED.register(filters, Callers::refuse);
    }

    private void identify(RoutingContext context) {
        Caller anonymous = Caller.anonymous(catalogue, !hasKeys, ClientAddress.of(context.request()))
                .under(policy);
        Exchange.comesFrom(context, anonymous);
        if (!hasKeys) {
            // Whatever it shows.
            context.next();
            return;
        }
        try {
            String ticket = credentials.ticketOf(context);
            String credential = ticket == null ? credentials.of(context) : null;
            if (ticket != null) {
                identify(context, anonymous, identities.ofTicket(ticket));
            } else if (credential != null) {
                identify(context, anonymous, identities.of(credential));
            } else {
                context.next();
            }
        } catch (ProblemException refused) {
            refuseLater(context, refused);
        }
    }

    private static void identify(RoutingContext context, Caller anonymous, Uni<Identity> shown) {
        // The body must wait for whoever reads it.
        context.request().pause();
        Exchange.onLoop(context, shown)
                .subscribe()
                .with(
                        identity -> {
                            Exchange.comesFrom(context, anonymous.as(identity));
                            context.request().resume();
                            context.next();
                        },
                        failure -> {
                            context.request().resume();
                            refuseLater(context, failure);
                        });
    }

    private static void refuseLater(RoutingContext context, Throwable failure) {
        context.put(REFUSAL, ProblemMapper.toProblem(failure));
        context.next();
    }

    private static void refuse(RoutingContext context) {
        Problem refusal = context.get(REFUSAL);
        if (refusal == null) {
            context.next();
        } else {
            HttpProblem.answer(context, refusal);
        }
    }
}
