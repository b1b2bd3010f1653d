package dev.heliograph.node;

import dev.heliograph.access.AccessConfig;
import dev.heliograph.cache.CacheConfig;
import dev.heliograph.document.DocumentConfig;
import dev.heliograph.event.NamespaceConfig;
import dev.heliograph.hub.Hub;
import dev.heliograph.latest.LatestEvents;
import dev.heliograph.log.memory.MemoryEventLog;
import dev.heliograph.log.redis.RedisEngine;
import dev.heliograph.publish.redis.RawIngestConfig;
import dev.heliograph.session.SessionConfig;
import io.smallrye.config.ConfigMapping;
import java.util.Map;

/** The one root of the configuration; an unknown key below {@code heliograph} fails the start. */
@ConfigMapping(prefix = "heliograph")
interface HeliographConfig {
    Map<String, NamespaceConfig> namespaces();

    /** The memory engine, in use when {@code quarkus.redis.hosts} is not set. */
    MemoryEventLog.Config memory();

    /** The Redis engine, in use when {@code quarkus.redis.hosts} is set. */
    RedisEngine.Config redis();

    RawIngestConfig ingest();

    CacheConfig cache();

    LatestEvents.Config latest();

    Hub.Config hub();

    DeliveryProbe.Config delivery();

    SessionConfig session();

    DocumentConfig documents();

    AccessConfig access();

    JsonLines.Config logging();
}
