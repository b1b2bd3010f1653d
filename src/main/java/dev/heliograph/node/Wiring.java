package dev.heliograph.node;

import dev.heliograph.access.AccessConfig;
import dev.heliograph.access.ApiKeys;
import dev.heliograph.access.Connections;
import dev.heliograph.access.PublishLimits;
import dev.heliograph.access.RateLimits;
import dev.heliograph.cache.CacheConfig;
import dev.heliograph.document.DocumentConfig;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Namespace;
import dev.heliograph.hub.Hub;
import dev.heliograph.latest.LatestEvents;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import dev.heliograph.session.SessionConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the parts without knowledge of configuration or containers from the configuration. */
final class Wiring {
    private static final long NO_LIMIT = -1;

    @Produces
    @Singleton
    Catalogue catalogue(HeliographConfig config) {
        return new Catalogue(config.namespaces().entrySet().stream()
                .map(named -> Namespace.of(
                        named.getKey(), named.getValue(), config.access().hasKeys()))
                .toList());
    }

    @Produces
    @Singleton
    Hub hub(Catalogue catalogue, EventLog log, Feed feed, HeliographConfig config, MeterRegistry metrics) {
        return new Hub(catalogue, log, feed, config.hub(), metrics);
    }

    @Produces
    @Singleton
    CacheConfig cache(HeliographConfig config) {
        return config.cache();
    }

    @Produces
    @Singleton
    LatestEvents.Config latest(HeliographConfig config) {
        return config.latest();
    }

    @Produces
    @Singleton
    DocumentConfig documents(HeliographConfig config) {
        return config.documents();
    }

    @Produces
    @Singleton
    SessionConfig sessions(HeliographConfig config) {
        return config.session();
    }

    /** Reads the bodies of requests to routes of Vert.x, up to the common limit. */
    @Produces
    @Singleton
    BodyHandler bodyHandler(VertxHttpConfig config) {
        return BodyHandler.create(false)
                .setBodyLimit(config.limits()
                        .maxBodySize()
                        .map(MemorySize::asLongValue)
                        .orElse(NO_LIMIT));
    }

    @Produces
    @Singleton
    AccessConfig access(HeliographConfig config) {
        return config.access();
    }

    @Produces
    @Singleton
    ApiKeys apiKeys(HeliographConfig config) {
        return ApiKeys.of(config.access().keys());
    }

    @Produces
    @Singleton
    RateLimits rateLimits(HeliographConfig config) {
        return RateLimits.of(config.access().limits());
    }

    @Produces
    @Singleton
    Connections connections(HeliographConfig config, MeterRegistry metrics) {
        return Connections.of(config.access().limits(), metrics);
    }

    @Produces
    @Singleton
    PublishLimits publishLimits(Catalogue catalogue, HeliographConfig config, MeterRegistry metrics) {
        return PublishLimits.of(catalogue.namespaces(), config.access().limits(), metrics);
    }
}
