package dev.heliograph.latest;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.http.Freshness;
import dev.heliograph.http.IfNoneMatch;
import dev.heliograph.http.Query;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;

/** The newest event of a channel, for clients and caches that ask again with its entity tag. See docs/protocol.md. */
@Path(Route.Path.LATEST)
@Produces(MediaType.APPLICATION_JSON)
class LatestResource {
    private static final String TYPE_PARAMETER = "event";

    private final Catalogue catalogue;
    private final LatestEvents store;

    LatestResource(Catalogue catalogue, LatestEvents store) {
        this.catalogue = catalogue;
        this.store = store;
    }

    /** Answers {@code HEAD} too. */
    @GET
    public Uni<Response> latest(
            @PathParam("channel") String written,
            @Context UriInfo address,
            @Context HttpHeaders headers,
            @Context RoutingContext context) {
        Caller caller = Exchange.caller(context);
        return caller.decide(() -> caller.channel(written, Action.READ))
                .chain(channel -> latest(channel, address, headers));
    }

    private Uni<Response> latest(Channel channel, UriInfo address, HttpHeaders headers) {
        Namespace namespace = catalogue.namespaceOf(channel);
        var query = Query.read(address.getQueryParameters(), Set.of(TYPE_PARAMETER));
        Set<String> types = types(namespace, query.one(TYPE_PARAMETER));
        IfNoneMatch known = IfNoneMatch.of(headers);
        return store.latest(channel, types).map(latest -> latest.encoded()
                .map(encoded -> answer(namespace, encoded, latest.stale(), known))
                .orElseThrow(() -> ProblemException.of(
                        ProblemType.NO_EVENT,
                        "no event of "
                                + (types.isEmpty()
                                        ? "any type"
                                        : types.iterator().next()) + " is held for channel " + channel)));
    }

    private Response answer(Namespace namespace, EncodedEntry encoded, boolean isStale, IfNoneMatch known) {
        Response.ResponseBuilder answer;
        if (known.matches(encoded.entry().position().cursor())) {
            store.countNotModified();
            answer = Response.notModified();
        } else {
            answer = Response.ok(encoded.json(), MediaType.APPLICATION_JSON_TYPE);
        }
        // Also on a 304: it renews what the cache holds (RFC 9110, section 15.4.5).
        answer.header(HttpHeaders.ETAG, encoded.tag());
        Freshness.mark(answer::header, namespace, isStale);
        return answer.build();
    }

    private Set<String> types(Namespace namespace, String type) {
        if (type == null) {
            return Set.of();
        }
        catalogue.requireType(TYPE_PARAMETER, namespace, type);
        return Set.of(type);
    }
}
