package dev.heliograph.node;

import dev.heliograph.cache.CorrectingLog;
import dev.heliograph.event.Catalogue;
import dev.heliograph.log.Feed;
import dev.heliograph.log.SharedFeed;
import dev.heliograph.log.memory.MemoryEventLog;
import dev.heliograph.log.redis.GuardedDocumentLog;
import dev.heliograph.log.redis.GuardedEventLog;
import dev.heliograph.log.redis.RedisGuard;
import dev.heliograph.publish.redis.RawIngest;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Chooses the engine of the event log: Redis when {@code quarkus.redis.hosts} is set, otherwise this process's memory. */
@Singleton
final class Engines {
    private static final Duration SLACK = Duration.ofSeconds(1);

    private final Optional<RedisParts> redisParts;
    private final CorrectingLog log;
    private final Feed feed;
    private final Duration longestClose;

    Engines(
            Catalogue catalogue,
            HeliographConfig config,
            InjectableInstance<Redis> redis,
            Vertx vertx,
            RedisGuard guard,
            MeterRegistry metrics) {
        longestClose = RawIngest.longestClose(config.redis(), config.ingest()).plus(SLACK);
        if (redis.getHandle().getBean().isActive()) {
            var parts = new RedisParts(catalogue, config, redis.get(), vertx, guard, metrics);
            redisParts = Optional.of(parts);
            log = new CorrectingLog(
                    new GuardedEventLog(parts.log(), guard),
                    new GuardedDocumentLog(parts.log().documents(), guard));
            feed = new SharedFeed(parts.feed());
        } else {
            redisParts = Optional.empty();
            var memory =
                    new MemoryEventLog(catalogue, config.memory().maxBytes().asLongValue(), Clock.systemUTC());
            log = new CorrectingLog(memory, memory);
            feed = new SharedFeed(memory);
        }
    }

    /** Also the bean for {@link dev.heliograph.log.EventLog} and {@link dev.heliograph.log.DocumentLog}. */
    @Produces
    @Singleton
    CorrectingLog log() {
        return log;
    }

    @Produces
    @Singleton
    Feed feed() {
        return feed;
    }

    /** Empty with the memory engine. */
    Optional<RedisParts> redisParts() {
        return redisParts;
    }

    void start(@Observes StartupEvent startup) {
        redisParts.ifPresent(parts -> parts.start(feed));
    }

    /** Blocks the shutting-down thread, which is no event loop, because the leases must be free before the process ends. */
    void close(@Observes ShutdownEvent shutdown) {
        redisParts.ifPresent(parts -> parts.close().await().atMost(longestClose));
    }
}
