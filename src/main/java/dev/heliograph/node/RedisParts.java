package dev.heliograph.node;

import dev.heliograph.event.Catalogue;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import dev.heliograph.log.redis.PublishFunction;
import dev.heliograph.log.redis.RedisEventLog;
import dev.heliograph.log.redis.RedisFeed;
import dev.heliograph.log.redis.RedisGuard;
import dev.heliograph.log.redis.RedisLink;
import dev.heliograph.log.redis.RedisRights;
import dev.heliograph.publish.redis.RawIngest;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** All that runs only when the event log is in Redis. */
final class RedisParts {
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY = Duration.ofSeconds(10);

    private final RedisEventLog log;
    private final RedisFeed feed;
    private final RedisLink link;
    private final RedisRights rights;
    private final PublishFunction function;
    private final RawIngest ingest;
    private final AtomicReference<Cancellable> loadingFunction = new AtomicReference<>(() -> {});

    RedisParts(
            Catalogue catalogue,
            HeliographConfig config,
            Redis redis,
            Vertx vertx,
            RedisGuard guard,
            MeterRegistry metrics) {
        log = new RedisEventLog(redis, config.redis(), catalogue);
        feed = new RedisFeed(vertx, redis, config.redis());
        link = new RedisLink(redis, config.redis().timeout());
        rights = new RedisRights(link, config.redis(), catalogue);
        function = new PublishFunction(link, config.redis(), catalogue);
        ingest = new RawIngest(vertx, redis, config.redis(), config.ingest(), catalogue, log, guard, metrics);
    }

    RedisEventLog log() {
        return log;
    }

    RedisFeed feed() {
        return feed;
    }

    /** @param announcements the feed that all listeners share */
    void start(Feed announcements) {
        announcements.listen(new AfterAnotherConnection());
        feed.start();
        ingest.start();
        loadFunction();
    }

    /** Ends what is still tried for an older connection: this load does for it, too. */
    private void loadFunction() {
        Cancellable loading = rights.tellMissing()
                .chain(function::load)
                .onFailure()
                .retry()
                .withBackOff(FIRST_RETRY, LAST_RETRY)
                .indefinitely()
                .subscribe()
                .with(
                        done -> {},
                        failure -> Log.errorf(failure, "The Redis function is not loaded [%s]", function.name()));
        loadingFunction.getAndSet(loading).cancel();
    }

    Uni<Void> close() {
        return ingest.close().invoke(() -> {
            loadingFunction.get().cancel();
            feed.close();
            log.close();
            link.close();
        });
    }

    /** The Redis that is there after a break may be another, or have forgotten all. */
    private final class AfterAnotherConnection implements Feed.Listener {
        @Override
        public void onEntry(Entry entry) {}

        @Override
        public void onDoubt() {
            loadFunction();
        }
    }
}
