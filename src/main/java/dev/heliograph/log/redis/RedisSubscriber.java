package dev.heliograph.log.redis;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Subscriptions to channels and patterns of Redis, over a connection of their own that heals itself.
 *
 * <pre>
 * CONNECTING --connected--> RESTORING --all subscriptions are confirmed--> LIVE   (onRestored, if it was live before)
 *      ^                        |                                           |
 *      +---- pause, jittered ---+--- closed, or a probe did not come back --+--- close() --> CLOSED
 * </pre>
 *
 * A healthy socket can be deaf: Redis may have failed over, or a middlebox may have forgotten the connection. When nothing was
 * heard for a probe interval, a message is published on the common path and has to come back here ({@link LivenessProbe}).
 *
 * <p>All fields except the volatile ones belong to the context, on which handlers are called, too. Any thread may call the
 * public methods; what they ask for is done in order.
 */
public final class RedisSubscriber {
    /** A longer command would hold up messages for too long. */
    private static final int MAX_NAMES_PER_COMMAND = 512;

    private final Context context;
    private final Redis redis;
    private final RedisLink publisher;
    private final RedisEngine.Config config;
    private final String purpose;
    private final Counter reconnects;
    private final Runnable onRestored;
    private final String probeChannel;
    private final LivenessProbe liveness;
    private final Duration lookInterval;
    private final Backoff backoff = new Backoff();

    private final Subscriptions wanted = new Subscriptions();
    /** Names whose subscription may have to change, gathered until the next tick. */
    private final Set<String> changed = new HashSet<>();

    /** Null while there is none. */
    private SubscriberConnection connection;

    private long lookTimer = -1;
    private boolean wasLive;
    private boolean isLossTold;
    private boolean isRegaining;
    /** One as soon as Redis has refused a command with several names, because it does not say which one. */
    private int namesPerCommand = MAX_NAMES_PER_COMMAND;

    private volatile boolean isLive;
    private volatile boolean isClosed;

    /**
     * @param publisher sends the probes
     * @param purpose completes the sentence "the connection to Redis for ..."
     * @param reconnects counts the connections that have taken the place of a lost one
     * @param onRestored called on the context when a connection has taken the place of a lost one, before {@link #isHealthy}:
     *     messages may have been missed
     */
    public RedisSubscriber(
            Context context,
            Redis redis,
            RedisLink publisher,
            RedisEngine.Config config,
            String purpose,
            Counter reconnects,
            Runnable onRestored) {
        this.context = context;
        this.redis = redis;
        this.publisher = publisher;
        this.config = config;
        this.purpose = purpose;
        this.reconnects = reconnects;
        this.onRestored = onRestored;
        this.probeChannel = new Keys(config.prefix()).probe(UUID.randomUUID().toString());
        this.liveness = new LivenessProbe(config.probeInterval(), config.timeout());
        this.lookInterval = Collections.min(List.of(config.probeInterval(), config.timeout()));
    }

    /** @param connection which one; a tag of the metric */
    public static Counter reconnects(String connection, MeterRegistry metrics) {
        return Counter.builder("heliograph_log_reconnects")
                .tag("connection", connection)
                .register(metrics);
    }

    /** The longest silence on a healthy connection: a probe that is not due at one look is sent at the next. */
    public static Duration longestSilence(RedisEngine.Config config) {
        return config.probeInterval().multipliedBy(2).plus(config.timeout());
    }

    /** Opens the connection, and keeps one open until {@link #close}. */
    public void start() {
        subscribe(probeChannel, (channel, probe) -> {});
        run(this::connect);
    }

    /**
     * Subscribes, unless that was done before.
     *
     * @param name of a channel; a pattern if it ends with an asterisk
     * @param handler gets the channel and bytes of each message, in the order of Redis; it must not block
     */
    public void subscribe(String name, BiConsumer<String, byte[]> handler) {
        run(() -> {
            if (!isClosed && wanted.add(name, handler)) {
                change(name);
            }
        });
    }

    /** Ends a subscription. */
    public void unsubscribe(String name) {
        run(() -> {
            if (wanted.remove(name)) {
                change(name);
            }
        });
    }

    /**
     * Completes when Redis has confirmed a subscription, or it has ended. While there is no connection, or the user may not
     * hear it, it waits; after another connection onRestored comes first. Fails with {@code log-unavailable} at {@link #close}.
     */
    public Uni<Void> confirmed(String name) {
        return Uni.createFrom()
                .emitter(waiter -> run(() -> {
                    if (isClosed) {
                        waiter.fail(closing());
                        return;
                    }
                    wanted.await(name, waiter);
                    waiter.onTermination(() -> run(() -> wanted.leave(name, waiter)));
                    change(name);
                }));
    }

    /**
     * Completes when Redis has confirmed or denied all subscriptions and their ends: messages before that were handled. At once
     * if there is no connection, never if it is lost meanwhile.
     */
    public Uni<Void> confirmed() {
        return Uni.createFrom()
                .emitter(waiter -> run(() -> {
                    flush();
                    if (connection == null) {
                        waiter.complete(null);
                    } else {
                        connection.whenConfirmed(() -> waiter.complete(null));
                    }
                }));
    }

    /** Whether messages can be expected to come: connected, restored, and heard from recently. */
    public boolean isHealthy() {
        Duration patience = config.probeInterval().plus(config.timeout()).multipliedBy(2);
        return isLive && sinceLastHeard().compareTo(patience) < 0;
    }

    /** The time since anything, if only a probe, came over the connection. */
    public Duration sinceLastHeard() {
        return Duration.ofNanos(System.nanoTime() - liveness.lastHeardNanos());
    }

    /** Ends all subscriptions, and the connection. */
    public void close() {
        isClosed = true;
        run(() -> {
            leave();
            wanted.clear(closing());
        });
    }

    private void run(Runnable task) {
        context.runOnContext(unused -> task.run());
    }

    private void change(String name) {
        if (changed.isEmpty()) {
            run(this::flush);
        }
        changed.add(name);
    }

    private void flush() {
        Set<String> names = Set.copyOf(changed);
        changed.clear();
        if (connection != null) {
            connection.adjust(names);
        }
    }

    private void connect() {
        if (isClosed) {
            return;
        }
        OwnConnection.open(redis, config.timeout())
                .subscribe()
                .with(opened -> run(() -> restore(opened)), failure -> run(() -> retry(failure.toString())));
    }

    private void restore(RedisConnection opened) {
        if (isClosed) {
            OwnConnection.drop(opened);
            return;
        }
        connection = new SubscriberConnection(
                opened, context, liveness, wanted, namesPerCommand, probeChannel, this::regain, this::lose);
        lookTimer = context.owner().setPeriodic(lookInterval.toMillis(), unused -> run(this::look));
        connection.adjust(wanted.names());
        connection.whenConfirmed(this::goLive);
    }

    private void goLive() {
        backoff.reset();
        boolean isRestored = wasLive;
        wasLive = true;
        try {
            if (isLossTold) {
                isLossTold = false;
                Log.infof("The connection to Redis for %s is there", purpose);
            }
            if (isRestored) {
                reconnects.increment();
                onRestored.run();
            }
        } finally {
            // Only now: cached values of before the break must no longer be found by those who trust this.
            isLive = true;
            connection.restored();
        }
    }

    /** Many names at once are told once. */
    private void regain() {
        if (!isRegaining) {
            isRegaining = true;
            run(() -> {
                isRegaining = false;
                onRestored.run();
            });
        }
    }

    private void look() {
        if (connection == null || isClosed) {
            return;
        }
        connection.retryDenied();
        switch (liveness.look(System.nanoTime())) {
            case ALIVE -> backoff.skipFirst();
            case SILENT ->
                publisher
                        .send(Command.PUBLISH, probeChannel, "")
                        .subscribe()
                        .with(sent -> {}, failure -> Log.debugf("The probe was not sent: %s", failure.getMessage()));
            case DEAD -> lose("nothing is heard over it");
        }
    }

    private void lose(String why) {
        if (connection != null && connection.isDenied()) {
            namesPerCommand = 1;
        }
        leave();
        retry(why);
    }

    private void leave() {
        isLive = false;
        context.owner().cancelTimer(lookTimer);
        if (connection != null) {
            connection.drop();
            connection = null;
        }
    }

    private void retry(String why) {
        if (isClosed) {
            return;
        }
        if (!isLossTold) {
            isLossTold = true;
            Log.warnf(
                    "There is no connection to Redis for %s (%s); it is tried again until there is one", purpose, why);
        }
        Duration pause = backoff.next();
        Log.debugf("No connection to Redis for %s (%s), next try in %d ms", purpose, why, pause.toMillis());
        context.owner().setTimer(Math.max(1, pause.toMillis()), unused -> run(this::connect));
    }

    private static ProblemException closing() {
        return new ProblemException(Problem.of(ProblemType.LOG_UNAVAILABLE, "this node is shutting down"));
    }
}
