package dev.heliograph.console;

import static dev.heliograph.console.RevocationReader.UNTIL;

import dev.heliograph.access.Revocation.Kind;
import dev.heliograph.access.RevocationStore;
import dev.heliograph.access.Revocations;
import dev.heliograph.http.Query;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Revokes tokens and API keys before their time, on all nodes. See docs/protocol.md. */
@Path(Route.Path.REVOCATIONS)
@Produces(MediaType.APPLICATION_JSON)
class RevocationResource {
    private final RevocationStore store;
    private final Revocations inForce;

    RevocationResource(RevocationStore store, Revocations inForce) {
        this.store = store;
        this.inForce = inForce;
    }

    @POST
    public Uni<Response> revoke(byte[] body, @Context UriInfo address, @Context RoutingContext context) {
        Exchange.caller(context).requireAdmin();
        Query.read(address.getQueryParameters(), Set.of());
        Exchange.requireReadable(context, Route.REVOCATIONS);
        return store.revoke(RevocationReader.read(body, Clock.systemUTC()))
                .map(done -> Response.noContent().build());
    }

    /** On a worker thread, because there may be many. */
    @GET
    public Response list(@Context UriInfo address, @Context RoutingContext context) {
        Exchange.caller(context).requireAdmin();
        Query.read(address.getQueryParameters(), Set.of());
        List<Map<String, String>> list = inForce.list().stream()
                .map(each -> Map.of(
                        each.kind().wireName(), each.name(), UNTIL, each.until().toString()))
                .toList();
        return Response.ok(Map.of("revocations", list))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    @DELETE
    public Uni<Response> lift(@Context UriInfo address, @Context RoutingContext context) {
        Exchange.caller(context).requireAdmin();
        Map<String, List<String>> parameters = address.getQueryParameters();
        Query query = Query.read(parameters, new HashSet<>(RevocationReader.KINDS));
        Kind kind = RevocationReader.only(parameters.keySet());
        String name = query.one(kind.wireName());
        RevocationReader.requireName(kind, name);
        return store.lift(kind, name).map(done -> Response.noContent().build());
    }
}
