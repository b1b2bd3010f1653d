package dev.heliograph.log.redis;

import dev.heliograph.event.Catalogue;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/** The log in Redis with all that belongs to it: feed, guards, rights, and the function for backends. Any thread may call. */
public final class RedisEngine {
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY = Duration.ofSeconds(10);
    /** While Redis refuses writes: a node that is not ready gets none that could tell. */
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(2);
    /** A function that Redis has forgotten is loaded again within a minute. */
    private static final Duration MEND_INTERVAL = Duration.ofSeconds(45);

    private final RedisEventLog log;
    private final RedisGuard guard;
    private final RedisFeed feed;
    private final RedisLink link;
    private final Vertx vertx;
    private final RedisRights rights;
    private final WriteRefusals refusals;
    private final PublishFunction function;
    private final AtomicReference<Cancellable> loadingFunction = new AtomicReference<>(() -> {});
    private volatile boolean isClosed;
    private long probing = -1;
    private long mending = -1;

    public RedisEngine(
            Catalogue catalogue, Config config, Redis redis, Vertx vertx, RedisGuard guard, MeterRegistry metrics) {
        this.vertx = vertx;
        this.guard = guard;
        link = new RedisLink(redis, config.timeout());
        rights = new RedisRights(link, config, catalogue);
        refusals = new WriteRefusals(metrics, rights, link, config);
        log = new RedisEventLog(redis, config, catalogue, refusals);
        feed = new RedisFeed(vertx, redis, config, metrics);
        function = new PublishFunction(link, config, catalogue);
    }

    public EventLog log() {
        return log.guardedBy(guard);
    }

    public DocumentLog documents() {
        return new GuardedDocumentLog(log.documents(), guard);
    }

    /** The log without its guard, for appends that need a lease ({@link RedisEventLog#fencedBy}). */
    public RedisEventLog unguarded() {
        return log;
    }

    /** The connection for what is no part of the log and no client waits for. */
    public RedisLink link() {
        return link;
    }

    /**
     * Runs a command that is no part of the log, behind the guard.
     *
     * @param command has its effect once, even after several attempts
     */
    public <T> Uni<T> write(Function<RedisLink, Uni<T>> command) {
        return Uni.createFrom()
                .deferred(() -> guard.write(() -> command.apply(link)))
                .onFailure()
                .transform(RedisFailure::ofGuardToClient);
    }

    public Feed feed() {
        return feed;
    }

    /** Whether announcements can be expected to come. */
    public boolean isHearing() {
        return feed.isHealthy();
    }

    /** The time since anything, if only a probe, came from Redis. */
    public Duration sinceLastHeard() {
        return feed.sinceLastHeard();
    }

    /** Redis' own words while it refuses writes; empty if it takes them. */
    public Optional<String> refusal() {
        return Optional.ofNullable(refusals.last()).map(Refusal::words);
    }

    /** @param announcements the feed that all listeners share */
    public void start(Feed announcements) {
        announcements.listen(new AfterAnotherConnection());
        feed.start();
        loadFunction();
        probing = repeat(PROBE_INTERVAL, refusals::probe);
        mending = repeat(MEND_INTERVAL, function::mend);
    }

    private long repeat(Duration interval, Supplier<Uni<?>> command) {
        return vertx.setPeriodic(interval.toMillis(), unused -> command.get()
                .subscribe()
                .with(done -> {}, failure -> Log.errorf(failure, "What is done every %s failed", interval)));
    }

    /** Ends what is still tried for an older connection: this load does for it as well. */
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

    public void close() {
        isClosed = true;
        vertx.cancelTimer(probing);
        vertx.cancelTimer(mending);
        loadingFunction.get().cancel();
        feed.close();
        log.close();
        link.close();
    }

    /** The Redis that is there after a break may be another, or have forgotten all. */
    private final class AfterAnotherConnection implements Feed.Listener {
        @Override
        public void onDoubt() {
            loadFunction();
        }
    }

    /** Options of the log in Redis: {@code heliograph.redis.*}. The server's address is Quarkus' {@code quarkus.redis.hosts}. */
    public interface Config {
        /** First part of every key and announcement channel: 1 to 64 letters, digits and _ . - */
        @WithDefault("heliograph")
        String prefix();

        /** How long a command may take before its caller is told {@code log-timeout} and its connection is replaced; at least 100 ms. */
        @WithDefault("2s")
        Duration timeout();

        /**
         * How long a connection that only listens may be silent before a probe has to come back over it within the timeout; at least 100 ms,
         * and twice as long and the timeout are less than {@code quarkus.redis.tcp.idle-timeout}.
         */
        @WithDefault("5s")
        Duration probeInterval();
    }
}
