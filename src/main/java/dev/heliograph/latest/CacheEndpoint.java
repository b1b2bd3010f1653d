package dev.heliograph.latest;

import dev.heliograph.event.Catalogue;
import dev.heliograph.http.Query;
import dev.heliograph.http.route.Exchange;
import dev.heliograph.http.route.Route;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.function.Supplier;

/**
 * {@code /api/realtime/cache}: looks at the cache of latest events and has all nodes forget what is in it. See
 * docs/protocol.md.
 */
@Singleton
final class CacheEndpoint {
    private static final String KEY = "key";

    private final LatestEvents store;
    private final Catalogue catalogue;
    private final InvalidationReader reader;
    private final BodyHandler body;

    CacheEndpoint(LatestEvents store, Catalogue catalogue, InvalidationReader reader, BodyHandler body) {
        this.store = store;
        this.catalogue = catalogue;
        this.reader = reader;
        this.body = body;
    }

    void register(@Observes Router router) {
        router.route(Route.CACHE.pattern())
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::tellStatistics);
        router.delete(Route.CACHE.pattern()).handler(context -> forget(context, Invalidation::all));
        router.delete(Route.CACHE_KEY.pattern())
                .handler(context -> forget(context, () -> Invalidation.ofKey(catalogue, context.pathParam(KEY))));
        router.post(Route.CACHE_INVALIDATE.pattern())
                .handler(Exchange.reads(body, Route.CACHE_INVALIDATE))
                .handler(context -> forget(context, () -> reader.read(Exchange.body(context))));
    }

    private void tellStatistics(RoutingContext context) {
        Exchange.caller(context).requireAdmin();
        requireNoParameters(context);
        context.response()
                .putHeader(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .putHeader(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        Exchange.end(context, Json.encodeToBuffer(store.statistics().members()));
    }

    private void forget(RoutingContext context, Supplier<Invalidation> invalidation) {
        Exchange.caller(context).requireAdmin();
        requireNoParameters(context);
        Exchange.answer(context, store.invalidate(invalidation.get()), done -> context.response()
                .setStatusCode(HttpResponseStatus.NO_CONTENT.code())
                .end());
    }

    private static void requireNoParameters(RoutingContext context) {
        Query.read(context.queryParams(), Set.of(), Set.of());
    }
}
