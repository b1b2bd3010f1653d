package dev.heliograph.log.redis;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The feed over one connection of its own, with an exact subscription for each channel that is followed.
 *
 * <pre>
 * CONNECTING --connected--> RESTORING --all that was wanted is confirmed--> LIVE   (first onDoubt, if it was live before)
 *      ^                        |                                            |
 *      +---- pause, jittered ---+------ closed, or a probe stayed away ------+--- close() --> CLOSED
 * </pre>
 *
 * A healthy socket can be deaf: Redis may have failed over, or a middlebox forgotten us. When nothing was heard for a
 * probe interval, a message is published on the common path and has to come back here.
 *
 * <p>All fields but the volatile ones belong to {@link #context}; the public methods hand over to it.
 */
public final class RedisFeed implements Feed {
    private final Redis redis;
    private final RedisLink publisher;
    private final Keys keys;
    private final RedisLogConfig config;
    private final Vertx vertx;
    private final Context context;
    private final String probeChannel;
    private final String notices;
    private final Probe probe;
    private final Backoff backoff = new Backoff();

    private final Map<String, Followed> followed = new HashMap<>();
    /** Channels whose subscription may have to change, gathered until the next tick. */
    private final Set<String> changed = new HashSet<>();
    /** What is not yet confirmed of that which the last connection had; null when live. */
    private Set<String> restoring;

    private FeedConnection connection;
    private boolean wasLive;
    /** Of a Redis that was not there when this node started. */
    private boolean hasWarned;

    private volatile Listener listener;
    private volatile boolean live;
    private volatile boolean closed;

    /** A channel, and who waits for its subscription to be confirmed. */
    private record Followed(Channel channel, List<UniEmitter<? super Void>> waiting) {}

    public RedisFeed(Vertx vertx, Redis redis, RedisLogConfig config) {
        this.vertx = vertx;
        this.redis = redis;
        this.config = config;
        this.keys = new Keys(config.prefix());
        this.publisher = new RedisLink(redis, config.timeout());
        this.context = vertx.getOrCreateContext();
        this.probeChannel = keys.probe(UUID.randomUUID().toString());
        this.notices = keys.notices();
        this.probe = new Probe(vertx, context, publisher, config, probeChannel, this::onDeaf);
    }

    /** Opens the connection, and keeps one open until {@link #close}. */
    public void start() {
        context.runOnContext(unused -> connect());
    }

    @Override
    public void listen(Listener theListener) {
        listener = theListener;
    }

    @Override
    public Uni<Void> follow(Channel channel) {
        return Uni.createFrom().emitter(emitter -> context.runOnContext(unused -> follow(channel, emitter)));
    }

    @Override
    public void unfollow(Channel channel) {
        context.runOnContext(unused -> {
            String name = keys.live(channel);
            Followed last = followed.remove(name);
            if (last != null) {
                last.waiting.forEach(emitter -> emitter.complete(null));
                change(name);
            }
        });
    }

    @Override
    public Uni<Void> broadcast(String notice) {
        return publisher.send(Command.PUBLISH, notices, notice).replaceWithVoid();
    }

    /** Whether announcements can be trusted to come: connected, restored, and heard from of late. Any thread may ask. */
    public boolean isHealthy() {
        Duration patience = config.probeInterval().plus(config.timeout()).multipliedBy(2);
        return live && sinceLastHeard().compareTo(patience) < 0;
    }

    /** How long nothing may come over a connection that is well: a probe that is not due at one look is sent at the next. */
    public static Duration longestSilence(RedisLogConfig config) {
        return config.probeInterval().multipliedBy(2).plus(config.timeout());
    }

    @Override
    public boolean isTrusted() {
        return isHealthy();
    }

    /** How long ago anything, if only a probe, came over the connection. Any thread may ask. */
    public Duration sinceLastHeard() {
        return probe.sinceLastHeard();
    }

    /** Ends the feed; whoever waits for a channel is told that the log is unavailable. */
    public void close() {
        closed = true;
        context.runOnContext(unused -> {
            leave();
            publisher.close();
            followed.values().forEach(each -> each.waiting.forEach(emitter -> emitter.fail(closing())));
            followed.clear();
        });
    }

    private void follow(Channel channel, UniEmitter<? super Void> emitter) {
        if (closed) {
            emitter.fail(closing());
            return;
        }
        String name = keys.live(channel);
        Followed entry = followed.computeIfAbsent(name, unused -> new Followed(channel, new ArrayList<>()));
        entry.waiting.add(emitter);
        emitter.onTermination(() -> context.runOnContext(unused -> entry.waiting.remove(emitter)));
        change(name);
    }

    private void change(String name) {
        if (changed.isEmpty()) {
            context.runOnContext(unused -> flush());
        }
        changed.add(name);
    }

    private void flush() {
        Set<String> names = Set.copyOf(changed);
        changed.clear();
        if (connection != null) {
            connection.adjust(names, this::isWanted);
        }
    }

    private Set<String> wanted() {
        Set<String> wanted = new HashSet<>(followed.keySet());
        wanted.add(probeChannel);
        wanted.add(notices);
        return wanted;
    }

    private boolean isWanted(String name) {
        return followed.containsKey(name) || name.equals(probeChannel) || name.equals(notices);
    }

    private void connect() {
        if (closed) {
            return;
        }
        OwnConnection.open(redis, config.timeout())
                .subscribe()
                .with(
                        opened -> context.runOnContext(unused -> restore(opened)),
                        failure -> context.runOnContext(unused -> connectLater(failure.toString())));
    }

    private void connectLater(String why) {
        if (closed) {
            return;
        }
        if (!wasLive && !hasWarned) {
            hasWarned = true;
            Log.warnf("Redis cannot be reached (%s); it is tried again until it is there", why);
        }
        Duration pause = backoff.next();
        Log.debugf("The feed cannot reach Redis (%s), next try in %d ms", why, pause.toMillis());
        vertx.setTimer(pause.toMillis(), unused -> context.runOnContext(alsoUnused -> connect()));
    }

    private void restore(RedisConnection opened) {
        if (closed) {
            OwnConnection.drop(opened);
            return;
        }
        connection = new FeedConnection(opened, context, new Events());
        restoring = wanted();
        probe.start();
        connection.adjust(Set.copyOf(restoring), this::isWanted);
    }

    private void goLive() {
        restoring = null;
        backoff.reset();
        // These complete on a later tick, hence after the doubt, and even if the listener should fail.
        followed.keySet().forEach(this::change);
        boolean isRestored = wasLive;
        wasLive = true;
        try {
            if (hasWarned && !isRestored) {
                Log.info("Redis is there");
            }
            if (isRestored) {
                Log.info("The feed from Redis is restored");
                listener.onDoubt();
            }
        } finally {
            // Only now: whoever trusts the feed must no longer find current what was so before the break.
            live = true;
        }
    }

    private void onDeaf() {
        if (connection != null) {
            lose("nothing is heard over it");
        }
    }

    private void lose(String why) {
        if (!closed) {
            Log.warnf("The feed's connection to Redis is lost (%s), a new one is made", why);
        }
        leave();
        connectLater(why);
    }

    private void leave() {
        live = false;
        restoring = null;
        probe.stop();
        if (connection != null) {
            connection.drop();
            connection = null;
        }
    }

    private static ProblemException closing() {
        return new ProblemException(Problem.of(ProblemType.LOG_UNAVAILABLE, "this node is shutting down"));
    }

    private final class Events implements FeedConnection.Listener {
        @Override
        public void onMessage(FeedConnection source, String name, byte[] message) {
            if (source != connection) {
                return;
            }
            probe.heard();
            if (name.equals(notices)) {
                listener.onNotice(new String(message, StandardCharsets.UTF_8));
                return;
            }
            Followed entry = followed.get(name);
            Entry announced = entry == null ? null : Announcement.read(entry.channel, message);
            if (announced != null) {
                listener.onEntry(announced);
            }
        }

        @Override
        public void onConfirmed(FeedConnection source, String name) {
            if (source != connection) {
                return;
            }
            probe.heard();
            if (restoring != null) {
                restoring.remove(name);
                if (restoring.isEmpty()) {
                    goLive();
                }
                return;
            }
            Followed entry = followed.get(name);
            if (entry != null) {
                List.copyOf(entry.waiting).forEach(emitter -> emitter.complete(null));
            }
        }

        @Override
        public void onEnd(FeedConnection source, String why) {
            if (source == connection) {
                lose(why);
            }
        }
    }
}
