package dev.heliograph.node;

import dev.heliograph.access.Connections;
import dev.heliograph.access.RevocationStore;
import dev.heliograph.access.Revocations;
import dev.heliograph.access.TicketStore;
import dev.heliograph.access.redis.RedisRevocations;
import dev.heliograph.access.redis.RedisTicketStore;
import dev.heliograph.access.redis.SharedTallies;
import dev.heliograph.cache.CorrectingLog;
import dev.heliograph.event.Catalogue;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import dev.heliograph.log.memory.MemoryEventLog;
import dev.heliograph.log.redis.Keys;
import dev.heliograph.log.redis.RedisEngine;
import dev.heliograph.log.redis.RedisGuard;
import dev.heliograph.publish.redis.RawIngest;
import dev.heliograph.session.Draining;
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

    private final Optional<RedisEngine> redis;
    private final Optional<RawIngest> ingest;
    private final TicketStore tickets;
    private final Revocations revocations = new Revocations();
    private final RevocationStore revocationStore;
    private final Optional<RedisRevocations> sharedRevocations;
    private final Optional<SharedTallies> tallies;
    private final CorrectingLog log;
    private final Feed feed;
    private final Duration longestClose;

    Engines(
            Catalogue catalogue,
            HeliographConfig config,
            InjectableInstance<Redis> client,
            Vertx vertx,
            RedisGuard guard,
            Connections connections,
            MeterRegistry metrics) {
        longestClose = RawIngest.longestClose(config.redis(), config.ingest()).plus(SLACK);
        if (client.getHandle().getBean().isActive()) {
            var engine = new RedisEngine(catalogue, config.redis(), client.get(), vertx, guard, metrics);
            redis = Optional.of(engine);
            ingest = Optional.of(new RawIngest(
                    vertx,
                    client.get(),
                    config.redis(),
                    config.ingest(),
                    catalogue,
                    engine.unguarded(),
                    guard,
                    metrics));
            var keys = new Keys(config.redis().prefix());
            tickets = new RedisTicketStore(engine, keys);
            var shared = new RedisRevocations(engine, keys, revocations, vertx);
            sharedRevocations = Optional.of(shared);
            revocationStore = shared;
            log = new CorrectingLog(engine.log(), engine.documents());
            feed = Feed.shared(engine.feed());
            tallies = connections.countsAllNodes()
                    ? Optional.of(new SharedTallies(connections, feed, vertx))
                    : Optional.empty();
        } else {
            redis = Optional.empty();
            ingest = Optional.empty();
            tickets = TicketStore.inMemory();
            sharedRevocations = Optional.empty();
            tallies = Optional.empty();
            revocationStore = RevocationStore.inMemory(revocations);
            var memory =
                    new MemoryEventLog(catalogue, config.memory().maxBytes().asLongValue(), Clock.systemUTC());
            log = new CorrectingLog(memory, memory);
            feed = Feed.shared(memory);
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

    @Produces
    @Singleton
    TicketStore tickets() {
        return tickets;
    }

    @Produces
    @Singleton
    Revocations revocations() {
        return revocations;
    }

    @Produces
    @Singleton
    RevocationStore revocationStore() {
        return revocationStore;
    }

    /** The log for delivery probes. Nothing is retried, because a late probe is worth nothing. */
    EventLog unretried() {
        return redis.<EventLog>map(RedisEngine::unguarded).orElse(log);
    }

    /** Empty with the memory engine. */
    Optional<RedisEngine> redis() {
        return redis;
    }

    void start(@Observes StartupEvent startup) {
        redis.ifPresent(engine -> engine.start(feed));
        sharedRevocations.ifPresent(shared -> shared.start(feed));
        tallies.ifPresent(SharedTallies::start);
        ingest.ifPresent(RawIngest::start);
    }

    /** When its clients begin to go to other nodes. */
    void leave(@Observes Draining draining) {
        tallies.ifPresent(SharedTallies::leave);
    }

    /** Blocks the shutting-down thread, which is no event loop, because the leases must be free before the process ends. */
    void close(@Observes ShutdownEvent shutdown) {
        ingest.ifPresent(each -> each.close().await().atMost(longestClose));
        sharedRevocations.ifPresent(RedisRevocations::close);
        redis.ifPresent(RedisEngine::close);
    }
}
