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
import dev.heliograph.log.redis.WriteRefusals;
import dev.heliograph.publish.redis.RawIngest;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** All that runs only when the event log is in Redis. */
final class RedisParts {
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY = Duration.ofSeconds(10);
    /** While Redis refuses writes: a node that is not ready gets none that could tell. */
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(2);
    /** A function that Redis has forgotten is loaded again within a minute. */
    private static final Duration MEND_INTERVAL = Duration.ofSeconds(45);

    private final RedisEventLog log;
    private final RedisFeed feed;
    private final RedisLink link;
    private final Vertx vertx;
    private final RedisRights rights;
    private final WriteRefusals refusals;
    private final PublishFunction function;
    private final RawIngest ingest;
    private final AtomicReference<Cancellable> loadingFunction = new AtomicReference<>(() -> {});
    private volatile boolean isClosed;
    private long probing = -1;
    private long mending = -1;

    RedisParts(
            Catalogue catalogue,
            HeliographConfig config,
            Redis redis,
            Vertx vertx,
            RedisGuard guard,
            MeterRegistry metrics) {
        this.vertx = vertx;
        link = new RedisLink(redis, config.redis().timeout());
        rights = new RedisRights(link, config.redis(), catalogue);
        refusals = new WriteRefusals(metrics, rights, link, config.redis());
        log = new RedisEventLog(redis, config.redis(), catalogue, refusals);
        feed = new RedisFeed(vertx, redis, config.redis());
        function = new PublishFunction(link, config.redis(), catalogue);
        ingest = new RawIngest(vertx, redis, config.redis(), config.ingest(), catalogue, log, guard, metrics);
    }

    RedisEventLog log() {
        return log;
    }

    RedisFeed feed() {
        return feed;
    }

    WriteRefusals refusals() {
        return refusals;
    }

    /** @param announcements the feed that all listeners share */
    void start(Feed announcements) {
        announcements.listen(new AfterAnotherConnection());
        feed.start();
        ingest.start();
        loadFunction();
        probing = repeat(PROBE_INTERVAL, refusals::probe);
        mending = repeat(MEND_INTERVAL, function::mend);
    }

    private long repeat(Duration interval, Supplier<Uni<?>> command) {
        return vertx.setPeriodic(interval.toMillis(), unused -> command.get()
                .subscribe()
                .with(done -> {}, failure -> Log.errorf(failure, "What is done every %s failed", interval)));
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
        if (isClosed) {
            loading.cancel();
        }
    }

    Uni<Void> close() {
        return ingest.close().invoke(() -> {
            isClosed = true;
            vertx.cancelTimer(probing);
            vertx.cancelTimer(mending);
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
