package dev.heliograph.etag;

import dev.heliograph.event.Catalogue;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

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
    public CacheStatistics statistics() {
        return store.statistics();
    }

    @DELETE
    public Uni<Void> forgetAll() {
        return store.invalidate(Invalidation.all());
    }

    @DELETE
    @Path("/{key}")
    public Uni<Void> forgetOne(@PathParam("key") String key) {
        return store.invalidate(Invalidation.ofKey(catalogue, key));
    }

    @POST
    @Path("/invalidate")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Void> forget(byte[] body) {
        return store.invalidate(reader.read(body));
    }
}
