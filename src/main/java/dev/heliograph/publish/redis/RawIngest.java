package dev.heliograph.publish.redis;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.redis.Keys;
import dev.heliograph.log.redis.RedisEngine;
import dev.heliograph.log.redis.RedisEventLog;
import dev.heliograph.log.redis.RedisGuard;
import dev.heliograph.log.redis.RedisLink;
import dev.heliograph.log.redis.RedisSubscriber;
import dev.heliograph.publish.EventReader;
import dev.heliograph.publish.Publisher;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes in {@code PUBLISH orders-123 '{"type":"order.updated",...}'} of backends that know nothing of the gateway. For each
 * namespace the node that holds the {@link Lease} subscribes and appends; the others stand by. A message is lost when
 * nobody holds the lease or hears it: this way in is at most once.
 *
 * <p>One tick, four times in each lease, renews or takes the leases. Nodes that stand by are connected as well, so that taking
 * over is one command. A node that stops hears no more, appends what it heard while it renews its leases, and
 * {@linkplain Handover hands over} both. All fields belong to {@link #context}.
 */
public final class RawIngest {
    private static final int TICKS_PER_LEASE = 4;
    /** Beside the appends: to find an heir, to end hearing, to keep what is left, and to hand over the leases. */
    private static final int CLOSING_STEPS = 4;

    private final Vertx vertx;
    private final Context context;
    private final RedisEngine.Config redisConfig;
    private final RawIngestConfig config;
    private final RedisLink link;
    private final Map<String, Lease> leases = new HashMap<>();
    private final Map<String, Sequencer> sequencers = new HashMap<>();
    private final Set<String> held = new TreeSet<>();
    private final DeadLetters deadLetters;
    private final Handover handover;
    private final RedisSubscriber subscriber;

    private long timer = -1;
    /** Whether this node only ends: it takes no lease that it has no messages for. */
    private boolean isEnding;

    private boolean isHearing = true;

    public RawIngest(
            Vertx vertx,
            Redis redis,
            RedisEngine.Config redisConfig,
            RawIngestConfig config,
            Catalogue catalogue,
            RedisEventLog log,
            RedisGuard guard,
            MeterRegistry metrics) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.redisConfig = redisConfig;
        this.config = config;
        this.link = new RedisLink(redis, redisConfig.timeout());
        var keys = new Keys(redisConfig.prefix());
        String token = UUID.randomUUID().toString();
        var trusted = Caller.trusted(catalogue);
        var reader = new EventReader();
        var publisher = new Publisher(catalogue, log.fencedBy(token).guardedBy(guard), metrics);
        this.deadLetters = new DeadLetters(link, keys, metrics);
        this.handover = new Handover(
                this::run, link, keys.handover(), token, longestClose(redisConfig, config), new ThisNode());
        this.subscriber = new RedisSubscriber(
                context,
                redis,
                link,
                redisConfig,
                "raw messages",
                RedisSubscriber.reconnects("raw", metrics),
                () -> {});
        for (Namespace namespace : catalogue.namespaces()) {
            String name = namespace.name();
            leases.put(name, new Lease(link, keys.lease(name), token, config.leaseTtl()));
            sequencers.put(name, new Sequencer(context, trusted, reader, publisher, deadLetters, namespace, config));
        }
    }

    /** How long {@link #close} takes at the most. */
    public static Duration longestClose(RedisEngine.Config redisConfig, RawIngestConfig config) {
        return config.drainTimeout().plus(redisConfig.timeout().multipliedBy(CLOSING_STEPS));
    }

    private static Duration tick(RawIngestConfig config) {
        return config.leaseTtl().dividedBy(TICKS_PER_LEASE);
    }

    /** Begins to contend for the leases, if the configuration says so. */
    public void start() {
        if (config.enabled()) {
            subscriber.subscribe(handover.channel(), (channel, note) -> handover.hear(note));
            subscriber.start();
            context.runOnContext(unused -> {
                timer = vertx.setPeriodic(tick(config).toMillis(), alsoUnused -> context.runOnContext(v -> tick()));
                subscriber.confirmed(handover.channel()).subscribe().with(connected -> run(this::tick), failure -> {});
            });
        }
    }

    /**
     * Stops hearing, appends what was heard, and hands over the leases, or frees them. What is not appended within the
     * {@linkplain RawIngestConfig#drainTimeout time for that} becomes dead letters.
     */
    public Uni<Void> close() {
        return Uni.createFrom()
                .voidItem()
                .emitOn(this::run)
                .chain(() -> {
                    isEnding = true;
                    return drain();
                })
                .onFailure()
                .invoke(failure -> Log.errorf(failure, "Raw messages may be lost as this node stops"))
                .onFailure()
                .recoverWithNull()
                .emitOn(this::run)
                .invoke(() -> {
                    vertx.cancelTimer(timer);
                    subscriber.close();
                    link.close();
                });
    }

    /** The leases are renewed meanwhile: the tick goes on. Also of a node that has lost them, and has messages still. */
    private Uni<Void> drain() {
        var leaving = new TreeSet<>(held);
        leaving.addAll(handover.inherited());
        return handover.leave(leaving, redisConfig.timeout()).chain(heir -> endHearing()
                .chain(() -> quietly(
                        config.drainTimeout(),
                        whenAll(sequencers.values().stream()
                                .map(Sequencer::idle)
                                .toList())))
                .chain(this::giveUpOnTheRest)
                .chain(() -> quietly(redisConfig.timeout(), handLeasesTo(heir))));
    }

    /** Done when Redis has confirmed it: what was published before that was heard. */
    private Uni<Void> endHearing() {
        return quietly(redisConfig.timeout(), Uni.createFrom().deferred(() -> {
                    isHearing = false;
                    adjust();
                    return subscriber.confirmed();
                }))
                .invoke(subscriber::close);
    }

    private Uni<Void> giveUpOnTheRest() {
        List<Sequencer.Message> left = sequencers.values().stream()
                .flatMap(sequencer -> sequencer.stop().stream())
                .toList();
        if (left.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var kept = new LongAdder();
        return quietly(redisConfig.timeout(), deadLetters.addLeft(left, kept))
                .invoke(() -> Log.warnf(
                        "This node stops before it has appended %d of the raw messages that it heard; %d of them are dead"
                                + " letters now",
                        left.size(), kept.sum()));
    }

    private Uni<Void> handLeasesTo(Optional<String> heir) {
        Set<String> names = Set.copyOf(held);
        // Otherwise the next tick would take back a lease that is free by then.
        vertx.cancelTimer(timer);
        held.clear();
        Uni<Void> handed = whenAll(names.stream()
                .map(leases::get)
                .map(lease -> heir.map(lease::give).orElseGet(lease::release))
                .toList());
        return heir.isEmpty() || names.isEmpty() ? handed : handed.chain(() -> handover.yours(heir.get(), names));
    }

    /** Goes on, on the context, when it is done, has failed, or the time is over. */
    private Uni<Void> quietly(Duration limit, Uni<Void> step) {
        Uni<Void> limited = limit.isZero()
                ? Uni.createFrom().voidItem()
                : step.ifNoItem().after(limit).recoverWithItem((Void) null);
        return limited.onFailure()
                .invoke(failure -> Log.debugf("A step of the stop failed: %s", failure.getMessage()))
                .onFailure()
                .recoverWithNull()
                .emitOn(this::run);
    }

    private void run(Runnable task) {
        context.runOnContext(unused -> task.run());
    }

    private static Uni<Void> whenAll(List<Uni<Void>> parts) {
        return parts.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.join().all(parts).andCollectFailures().replaceWithVoid();
    }

    private void tick() {
        handover.giveUpLate(System.nanoTime());
        leases.forEach((name, lease) -> {
            boolean isOurs = held.contains(name) || handover.inherited().contains(name);
            // A lease without a connection to hear by would only keep the others from it.
            if (isOurs || !isEnding && subscriber.isHealthy()) {
                hold(name, lease);
            }
        });
    }

    private void hold(String name, Lease lease) {
        lease.hold()
                .subscribe()
                .with(
                        ours -> context.runOnContext(unused -> onLease(name, ours)),
                        failure -> Log.debugf("The lease cannot be renewed [%s]: %s", name, failure.getMessage()));
    }

    private void onLease(String name, boolean ours) {
        if (ours) {
            handover.won(name);
        }
        boolean changed = ours ? held.add(name) : held.remove(name);
        if (changed) {
            Log.infof(
                    ours ? "This node appends raw messages now [%s]" : "Another node appends raw messages now [%s]",
                    name);
            adjust();
        }
    }

    /** Hears what is wanted now, and no more. */
    private void adjust() {
        Set<String> wanted = isHearing ? handover.wanted() : new HashSet<>();
        if (isHearing) {
            wanted.addAll(held);
        }
        for (String namespace : leases.keySet()) {
            for (String name : namesOf(namespace)) {
                if (wanted.contains(namespace)) {
                    subscriber.subscribe(name, (channel, payload) -> onMessage(namespace, channel, payload));
                } else {
                    subscriber.unsubscribe(name);
                }
            }
        }
    }

    /** The names of its channels are not known. */
    private static List<String> namesOf(String namespace) {
        return List.of(namespace, namespace + "-*");
    }

    private void onMessage(String namespace, String channel, byte[] payload) {
        if (handover.isOurs(namespace)) {
            sequencers.get(namespace).offer(channel, payload);
        }
    }

    private final class ThisNode implements Handover.Node {
        @Override
        public void listen(Runnable whenConfirmed) {
            adjust();
            whenAll(handover.wanted().stream()
                            .flatMap(namespace -> namesOf(namespace).stream())
                            .map(subscriber::confirmed)
                            .toList())
                    .subscribe()
                    .with(confirmed -> whenConfirmed.run(), failure -> {});
        }

        @Override
        public void holdBack(String namespace) {
            sequencers.get(namespace).holdBack();
        }

        @Override
        public void letAppend(String namespace) {
            sequencers.get(namespace).letAppend();
        }

        @Override
        public void takeLeases() {
            tick();
        }

        @Override
        public boolean knows(Set<String> namespaces) {
            return sequencers.keySet().containsAll(namespaces);
        }
    }
}
