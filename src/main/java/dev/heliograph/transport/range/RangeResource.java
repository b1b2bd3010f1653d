package dev.heliograph.transport.range;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.http.EntityTag;
import dev.heliograph.http.IfNoneMatch;
import dev.heliograph.http.ReadGate;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import dev.heliograph.wire.WireJson;
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
import java.io.ByteArrayOutputStream;

/** Catch-up ranges of a channel's history. See docs/protocol.md. */
@Path(Route.Path.EVENTS)
@Produces(MediaType.APPLICATION_JSON)
class RangeResource {
    private final RangeReader reader;
    private final ReadGate gate;
    private final Catalogue catalogue;

    RangeResource(RangeReader reader, ReadGate gate, Catalogue catalogue) {
        this.reader = reader;
        this.gate = gate;
        this.catalogue = catalogue;
    }

    @GET
    public Uni<Response> events(
            @PathParam("channel") String channelName,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            @Context RoutingContext context) {
        Caller caller = Exchange.caller(context);
        return caller.decide(() -> caller.channel(channelName, Action.READ))
                .chain(channel -> events(channel, uri, headers));
    }

    private Uni<Response> events(Channel channel, UriInfo uri, HttpHeaders headers) {
        IfNoneMatch known = IfNoneMatch.of(headers);
        var query = RangeQuery.of(uri.getQueryParameters());
        return gate.pass(System.nanoTime(), () -> reader.read(channel, query))
                .onFailure()
                .transform(ReadGate::toProblem)
                .map(page -> answer(page, query, known));
    }

    private Response answer(RangePage page, RangeQuery query, IfNoneMatch known) {
        if (!page.isFixed()) {
            return link(Response.ok(body(page, query)), page, query)
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .build();
        }
        String tag = page.start().cursor() + '.' + page.end().cursor();
        Response.ResponseBuilder answer = known.matches(tag) ? Response.notModified() : Response.ok(body(page, query));
        return link(answer, page, query)
                .header(HttpHeaders.ETAG, EntityTag.of(tag))
                .header(HttpHeaders.CACHE_CONTROL, forGood(page.channel()))
                .build();
    }

    private String forGood(Channel channel) {
        boolean isPublic = catalogue.namespaceOf(channel).isPublic(Action.READ);
        // docs/decisions.md: A closed range is immutable, page by page
        return (isPublic ? "public" : "private") + ", max-age=31536000, immutable";
    }

    /** A relative reference with nothing but a query: it stays right behind a proxy that rewrites paths. */
    private static Response.ResponseBuilder link(Response.ResponseBuilder answer, RangePage page, RangeQuery query) {
        return page.hasMore()
                ? answer.header(HttpHeaders.LINK, '<' + query.next(page.end()) + ">; rel=\"next\"")
                : answer;
    }

    private static byte[] body(RangePage page, RangeQuery query) {
        var body = new ByteArrayOutputStream();
        String to = query.to() == null ? "" : ",\"to\":\"" + query.to() + '"';
        write(body, "{\"channel\":\"" + page.channel() + "\",\"from\":\"" + page.start() + '"' + to + ",\"events\":[");
        String separator = "";
        for (byte[] event : page.events()) {
            write(body, separator);
            body.writeBytes(event);
            separator = ",";
        }
        write(
                body,
                "],\"cursor\":\"" + page.end() + '"'
                        + page.gap().map(gap -> ",\"gap\":" + WireJson.gap(gap)).orElse("") + '}');
        return body.toByteArray();
    }

    private static void write(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(US_ASCII));
    }
}
