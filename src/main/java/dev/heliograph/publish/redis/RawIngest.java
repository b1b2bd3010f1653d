package dev.heliograph.publish.redis;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.redis.GuardedEventLog;
import dev.heliograph.log.redis.Keys;
import dev.heliograph.log.redis.OwnConnection;
import dev.heliograph.log.redis.RedisEventLog;
import dev.heliograph.log.redis.RedisGuard;
import dev.heliograph.log.redis.RedisLink;
import dev.heliograph.log.redis.RedisLogConfig;
import dev.heliograph.publish.Publisher;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Takes in {@code PUBLISH orders-123 '{"type":"order.updated",...}'} of backends that know nothing of the gateway. For each
 * namespace the node that holds the {@link Lease} subscribes and appends; the others stand by. A message is lost when
 * nobody holds the lease or hears it: this way in is at most once.
 *
 * <p>One tick, four times in each lease, does all: renew, take, connect, subscribe, probe. Those that stand by are connected,
 * too, so that taking over is one command. All fields but {@link #closed} belong to {@link #context}.
 */
public final class RawIngest {
    private static final int TICKS_PER_LEASE = 4;

    private final Vertx vertx;
    private final Context context;
    private final Redis redis;
    private final RedisLogConfig redisConfig;
    private final RawIngestConfig config;
    private final RedisLink link;
    private final String probeChannel;
    private final Map<String, Lease> leases = new HashMap<>();
    private final Map<String, Sequencer> sequencers = new HashMap<>();
    private final Set<String> held = new TreeSet<>();
    private final Hearing hearing;

    private RawSubscription subscription;
    private boolean connecting;
    /** Once in a tick: a connection that Redis always ends is not made again and again. */
    private boolean mayConnectAtOnce;
    /** Whether the loss of a connection was told, and nothing heard since. */
    private boolean isLossTold;

    private long timer = -1;

    private volatile boolean closed;

    public RawIngest(
            Vertx vertx,
            Redis redis,
            RedisLogConfig redisConfig,
            RawIngestConfig config,
            Catalogue catalogue,
            RedisEventLog log,
            RedisGuard guard,
            MeterRegistry metrics) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.redis = redis;
        this.redisConfig = redisConfig;
        this.config = config;
        this.link = new RedisLink(redis, redisConfig.timeout());
        this.hearing = new Hearing(redisConfig.probeInterval(), redisConfig.timeout());
        var keys = new Keys(redisConfig.prefix());
        String token = UUID.randomUUID().toString();
        this.probeChannel = keys.probe(token);
        var publisher = new Publisher(catalogue, new GuardedEventLog(log.fencedBy(token), guard));
        var deadLetters = new DeadLetters(link, keys, metrics);
        for (Namespace namespace : catalogue.namespaces()) {
            String name = namespace.name();
            leases.put(name, new Lease(link, keys.lease(name), token, config.leaseTtl()));
            sequencers.put(name, new Sequencer(context, publisher, deadLetters, namespace, config));
        }
    }

    /** How long nothing may come over a connection that is well: a probe that is not due at one tick is sent at the next. */
    public static Duration longestSilence(RedisLogConfig redisConfig, RawIngestConfig config) {
        return redisConfig.probeInterval().plus(tick(config)).plus(redisConfig.timeout());
    }

    private static Duration tick(RawIngestConfig config) {
        return config.leaseTtl().dividedBy(TICKS_PER_LEASE);
    }

    /** Begins to contend for the leases, if the configuration says so. */
    public void start() {
        if (config.enabled()) {
            context.runOnContext(unused -> {
                timer = vertx.setPeriodic(tick(config).toMillis(), alsoUnused -> context.runOnContext(v -> tick()));
                tick();
            });
        }
    }

    /** Stops hearing, appends what waits, and frees the leases, so that another node takes over at once. */
    public Uni<Void> close() {
        return Uni.createFrom()
                .<Void>emitter(emitter -> {
                    closed = true;
                    context.runOnContext(unused -> {
                        vertx.cancelTimer(timer);
                        disconnect();
                        whenAll(sequencers.values().stream()
                                        .map(Sequencer::idle)
                                        .toList())
                                .chain(() -> whenAll(held.stream()
                                        .map(name -> leases.get(name).release())
                                        .toList()))
                                .subscribe()
                                .with(emitter::complete, emitter::fail);
                    });
                })
                .ifNoItem()
                .after(redisConfig.timeout())
                .fail()
                .onFailure()
                .recoverWithNull()
                .eventually(link::close);
    }

    private static Uni<Void> whenAll(List<Uni<Void>> parts) {
        return parts.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.join().all(parts).andCollectFailures().replaceWithVoid();
    }

    private void tick() {
        leases.forEach((name, lease) -> lease.hold()
                .subscribe()
                .with(
                        ours -> context.runOnContext(unused -> onLease(name, ours)),
                        failure -> Log.debugf("The lease cannot be renewed [%s]: %s", name, failure.getMessage())));
        mayConnectAtOnce = true;
        if (subscription != null) {
            probe(subscription);
        } else {
            connect();
        }
    }

    private void onLease(String name, boolean ours) {
        if (closed) {
            return;
        }
        boolean changed = ours ? held.add(name) : held.remove(name);
        if (changed) {
            Log.infof(
                    ours ? "This node appends raw messages now [%s]" : "Another node appends raw messages now [%s]",
                    name);
            if (subscription != null) {
                subscription.adjust(held);
            }
        }
    }

    private void connect() {
        if (connecting || closed) {
            return;
        }
        connecting = true;
        OwnConnection.open(redis, redisConfig.timeout())
                .subscribe()
                .with(
                        opened -> context.runOnContext(unused -> {
                            connecting = false;
                            if (closed) {
                                OwnConnection.drop(opened);
                                return;
                            }
                            hearing.heard(System.nanoTime());
                            subscription = new RawSubscription(opened, context, this::onMessage, this::onEnd);
                            subscription.listen(probeChannel);
                            subscription.adjust(held);
                        }),
                        failure -> context.runOnContext(unused -> {
                            connecting = false;
                            Log.debugf("No connection for raw messages: %s", failure.getMessage());
                        }));
    }

    private void probe(RawSubscription probed) {
        Hearing.Sign sign = hearing.look(System.nanoTime());
        if (sign == Hearing.Sign.DEAF) {
            onEnd(probed);
        } else if (sign == Hearing.Sign.QUIET) {
            link.send(Command.PUBLISH, probeChannel, "")
                    .subscribe()
                    .with(sent -> {}, failure -> Log.debugf("The probe was not sent: %s", failure.getMessage()));
        }
    }

    private void onMessage(String channel, byte[] payload) {
        hearing.heard(System.nanoTime());
        isLossTold = false;
        int hyphen = channel.indexOf('-');
        Sequencer sequencer = sequencers.get(hyphen < 0 ? channel : channel.substring(0, hyphen));
        if (sequencer != null) {
            sequencer.offer(channel, payload);
        }
    }

    private void onEnd(RawSubscription ended) {
        if (ended != subscription) {
            return;
        }
        disconnect();
        if (!isLossTold) {
            isLossTold = true;
            Log.warn("The connection on which raw messages are heard is lost or silent, another is made");
        }
        if (mayConnectAtOnce) {
            mayConnectAtOnce = false;
            connect();
        }
    }

    private void disconnect() {
        if (subscription != null) {
            subscription.drop();
            subscription = null;
        }
    }
}
