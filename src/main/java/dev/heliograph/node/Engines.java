package dev.heliograph.node;

import dev.heliograph.event.Catalogue;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import dev.heliograph.log.memory.MemoryEventLog;
import dev.heliograph.log.redis.RedisEventLog;
import dev.heliograph.log.redis.RedisFeed;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Chooses the engine of the event log: Redis when {@code quarkus.redis.hosts} is set, else this process's memory. */
@Singleton
final class Engines {
    private final EventLog log;
    private final Feed feed;
    private final Runnable start;
    private final Runnable close;

    Engines(Catalogue catalogue, HeliographConfig config, InjectableInstance<Redis> redis, Vertx vertx) {
        if (redis.getHandle().getBean().isActive()) {
            var redisLog = new RedisEventLog(redis.get(), config.redis(), catalogue);
            var redisFeed = new RedisFeed(vertx, redis.get(), config.redis());
            log = redisLog;
            feed = redisFeed;
            start = redisFeed::start;
            close = () -> {
                redisFeed.close();
                redisLog.close();
            };
        } else {
            var memory =
                    new MemoryEventLog(catalogue, config.memory().maxBytes().asLongValue(), Clock.systemUTC());
            log = memory;
            feed = memory;
            start = () -> {};
            close = () -> {};
        }
    }

    @Produces
    @Singleton
    EventLog log() {
        return log;
    }

    @Produces
    @Singleton
    Feed feed() {
        return feed;
    }

    void start(@Observes StartupEvent startup) {
        start.run();
    }

    void close(@Observes ShutdownEvent shutdown) {
        close.run();
    }
}
