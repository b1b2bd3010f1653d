package dev.heliograph.etag;

import dev.heliograph.event.Catalogue;
import dev.heliograph.http.Query;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;

/** Looks at the near-cache of latest events and has all nodes forget what is in it. See docs/protocol.md. */
@Path("/api/realtime/cache")
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
public class CacheResource {
    private final EtagStore store;
    private final Catalogue catalogue;
    private final InvalidationReader reader;

    CacheResource(EtagStore store, Catalogue catalogue, InvalidationReader reader) {
        this.store = store;
        this.catalogue = catalogue;
        this.reader = reader;
    }

    @GET
    public Response statistics(@Context UriInfo address) {
        requireNoParameters(address);
        return Response.ok(store.statistics())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    @DELETE
    public Uni<Void> forgetAll(@Context UriInfo address) {
        requireNoParameters(address);
        return store.invalidate(Invalidation.all());
    }

    @DELETE
    @Path("/{key}")
    public Uni<Void> forgetOne(@PathParam("key") String key, @Context UriInfo address) {
        requireNoParameters(address);
        return store.invalidate(Invalidation.ofKey(catalogue, key));
    }

    @POST
    @Path("/invalidate")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Void> forget(byte[] body, @Context UriInfo address) {
        requireNoParameters(address);
        return store.invalidate(reader.read(body));
    }

    private static void requireNoParameters(UriInfo address) {
        Query.read(address.getQueryParameters(), Set.of());
    }
}
