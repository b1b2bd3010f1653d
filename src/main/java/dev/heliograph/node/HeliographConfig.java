package dev.heliograph.node;

import dev.heliograph.access.AccessConfig;
import dev.heliograph.cache.CacheConfig;
import dev.heliograph.document.DocumentConfig;
import dev.heliograph.event.NamespaceConfig;
import dev.heliograph.hub.HubConfig;
import dev.heliograph.latest.LatestConfig;
import dev.heliograph.log.memory.MemoryLogConfig;
import dev.heliograph.log.redis.RedisLogConfig;
import dev.heliograph.publish.redis.RawIngestConfig;
import dev.heliograph.session.SessionConfig;
import io.smallrye.config.ConfigMapping;
import java.util.Map;

/** The one root of the configuration; an unknown key below {@code heliograph} fails the start. */
@ConfigMapping(prefix = "heliograph")
interface HeliographConfig {
    Map<String, NamespaceConfig> namespaces();

    /** The memory engine, in use when {@code quarkus.redis.hosts} is not set. */
    MemoryLogConfig memory();

    /** The Redis engine, in use when {@code quarkus.redis.hosts} is set. */
    RedisLogConfig redis();

    RawIngestConfig ingest();

    CacheConfig cache();

    LatestConfig latest();

    HubConfig hub();

    SessionConfig session();

    DocumentConfig documents();

    AccessConfig access();
}
