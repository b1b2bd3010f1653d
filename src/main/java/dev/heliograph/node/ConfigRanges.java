package dev.heliograph.node;

import dev.heliograph.cache.CacheConfig;
import dev.heliograph.document.DocumentConfig;
import dev.heliograph.hub.Hub;
import dev.heliograph.log.redis.RedisEngine;
import dev.heliograph.publish.redis.RawIngestConfig;
import dev.heliograph.session.SessionConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;

/**
 * Refuses illegal values by key, before any part uses them. Namespaces and rate limits check their own values. {@link
 * StartCheck} checks the rules between keys of two groups.
 */
final class ConfigRanges {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int LEAST_LANE_QUEUE_ENTRIES = 16;
    private static final int MAX_PAGE_ENTRIES = 1000;
    private static final Duration LEAST_LEASE = Duration.ofMillis(400);
    private static final Duration MAX_DRAIN_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration LEAST_REDIS_INTERVAL = Duration.ofMillis(100);
    private static final Duration MAX_COMPARE_INTERVAL = Duration.ofHours(1);
    private static final Duration MAX_PROBE_INTERVAL = Duration.ofSeconds(30);
    private static final Duration LEAST_PATIENCE = Duration.ofMillis(10);

    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent start, HeliographConfig config) {
        check(config.hub());
        check(config.session());
        check(config.ingest());
        check(config.redis());
        check(config.documents());
        check(config.cache());
        check(config.delivery());
    }

    static void check(Hub.Config hub) {
        require(!hub.linger().isNegative(), "hub.linger", hub.linger(), "0 or more");
        requireAtLeast(LEAST_LANE_QUEUE_ENTRIES, "hub.lane-queue-entries", hub.laneQueueEntries());
        require(
                hub.pageEntries() >= 1 && hub.pageEntries() <= MAX_PAGE_ENTRIES,
                "hub.page-entries",
                hub.pageEntries(),
                "1 to " + MAX_PAGE_ENTRIES);
        requireAtLeast(SECOND, "hub.slow-client-grace", hub.slowClientGrace());
    }

    static void check(SessionConfig session) {
        requireAtLeast(1, "session.max-channels", session.maxChannels());
        requireAtLeast(1, "session.requests-per-second", session.requestsPerSecond());
        requireAtLeast(1, "session.request-burst", session.requestBurst());
        requireAtLeast(1, "session.bytes-per-second", session.bytesPerSecond().asLongValue());
        requireAtLeast(1, "session.byte-burst", session.byteBurst().asLongValue());
        requireAtLeast(0, "session.refusals-before-close", session.refusalsBeforeClose());
        requireAtLeast(1, "session.max-requests-under-way", session.maxRequestsUnderWay());
        requireAtLeast(SECOND, "session.ping-timeout", session.pingTimeout());
        requireAtLeast(SECOND, "session.authentication-timeout", session.authenticationTimeout());
    }

    static void check(RawIngestConfig ingest) {
        requireAtLeast(LEAST_LEASE, "ingest.lease-ttl", ingest.leaseTtl());
        require(
                !ingest.drainTimeout().isNegative() && ingest.drainTimeout().compareTo(MAX_DRAIN_TIMEOUT) <= 0,
                "ingest.drain-timeout",
                ingest.drainTimeout(),
                "0 to " + MAX_DRAIN_TIMEOUT);
        requireAtLeast(1, "ingest.max-waiting", ingest.maxWaiting());
        require(
                ingest.maxWaitingBytes().asLongValue() >= 1,
                "ingest.max-waiting-bytes",
                ingest.maxWaitingBytes().asLongValue(),
                "1 or more");
    }

    static void check(RedisEngine.Config redis) {
        requireAtLeast(LEAST_REDIS_INTERVAL, "redis.timeout", redis.timeout());
        requireAtLeast(LEAST_REDIS_INTERVAL, "redis.probe-interval", redis.probeInterval());
    }

    static void check(DocumentConfig documents) {
        requireAtLeast(LEAST_PATIENCE, "documents.stale-after", documents.staleAfter());
        requireAtLeast(LEAST_PATIENCE, "documents.turn-timeout", documents.turnTimeout());
        require(
                documents.writeTimeout().compareTo(documents.turnTimeout()) > 0
                        && documents.writeTimeout().compareTo(DocumentConfig.MAX_WRITE_TIMEOUT) <= 0,
                "documents.write-timeout",
                documents.writeTimeout(),
                "more than heliograph.documents.turn-timeout, which is " + documents.turnTimeout() + ", and at most "
                        + DocumentConfig.MAX_WRITE_TIMEOUT);
    }

    static void check(CacheConfig cache) {
        require(
                cache.compareInterval().compareTo(SECOND) >= 0
                        && cache.compareInterval().compareTo(MAX_COMPARE_INTERVAL) <= 0,
                "cache.compare-interval",
                cache.compareInterval(),
                SECOND + " to " + MAX_COMPARE_INTERVAL);
    }

    static void check(DeliveryProbe.Config delivery) {
        require(
                delivery.probeInterval().isZero()
                        || delivery.probeInterval().compareTo(SECOND) >= 0
                                && delivery.probeInterval().compareTo(MAX_PROBE_INTERVAL) <= 0,
                "delivery.probe-interval",
                delivery.probeInterval(),
                "0 (no probes), or " + SECOND + " to " + MAX_PROBE_INTERVAL);
    }

    private static void requireAtLeast(long least, String key, long value) {
        require(value >= least, key, value, least + " or more");
    }

    private static void requireAtLeast(Duration least, String key, Duration value) {
        require(value.compareTo(least) >= 0, key, value, least + " or more");
    }

    private static void require(boolean holds, String key, Object value, String expected) {
        if (!holds) {
            throw new IllegalStateException("heliograph." + key + " is " + value + ", expected " + expected);
        }
    }
}
