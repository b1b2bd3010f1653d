package dev.heliograph.console;

import dev.heliograph.access.AccessConfig;
import dev.heliograph.access.Identity;
import dev.heliograph.access.Tickets;
import dev.heliograph.access.Tickets.Ticket;
import dev.heliograph.http.Query;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;
import java.util.Set;

/** Makes one-time tickets for clients that cannot set headers. See docs/protocol.md. */
@Path(Route.Path.TICKETS)
@Produces(MediaType.APPLICATION_JSON)
class TicketResource {
    private final Tickets tickets;
    private final boolean hasKeys;

    TicketResource(Tickets tickets, AccessConfig config) {
        this.tickets = tickets;
        this.hasKeys = config.hasKeys();
    }

    @POST
    public Uni<Response> issue(@Context UriInfo address, @Context RoutingContext context) {
        Query.read(address.getQueryParameters(), Set.of());
        if (!hasKeys) {
            // docs/decisions.md: A gateway without keys makes tickets
            return Uni.createFrom().item(answer(tickets.unknown()));
        }
        Identity maker = Exchange.caller(context)
                .identity()
                .orElseThrow(() -> ProblemException.of(
                        ProblemType.UNAUTHENTICATED,
                        "A ticket stands for the token or API key with which it is made, expected one"));
        return tickets.issue(maker).map(TicketResource::answer);
    }

    private static Response answer(Ticket made) {
        return Response.status(Response.Status.CREATED)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(Map.of(
                        "ticket", made.ticket(), "expires", made.expires().toString()))
                .build();
    }
}
