package dev.heliograph.publish.redis;

import dev.heliograph.log.redis.OwnConnection;
import dev.heliograph.log.redis.RedisLink;
import dev.heliograph.log.redis.RedisLogConfig;
import io.quarkus.logging.Log;
import io.vertx.core.Context;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Keeps one {@link RawSubscription} open, and replaces it when it is lost or deaf. Confined to one context. */
final class RawConnection {
    private final Context context;
    private final Redis redis;
    private final RedisLogConfig config;
    private final RedisLink link;
    private final String probeChannel;
    private final String noteChannel;
    private final Supplier<Set<String>> wanted;
    private final BiConsumer<String, byte[]> onMessage;
    private final Hearing hearing;

    private RawSubscription subscription;
    private boolean connecting;
    /** Once in a tick: a connection that Redis always ends is not made again and again. */
    private boolean mayConnectAtOnce;
    /** Whether the loss of a connection was told, and nothing heard since. */
    private boolean isLossTold;

    private boolean closed;

    /**
     * @param probeChannel of this node alone
     * @param noteChannel that is heard beside the namespaces
     * @param wanted the namespaces to hear, asked for again by {@link #adjust}
     */
    RawConnection(
            Context context,
            Redis redis,
            RedisLogConfig config,
            RedisLink link,
            String probeChannel,
            String noteChannel,
            Supplier<Set<String>> wanted,
            BiConsumer<String, byte[]> onMessage) {
        this.context = context;
        this.redis = redis;
        this.config = config;
        this.link = link;
        this.probeChannel = probeChannel;
        this.noteChannel = noteChannel;
        this.wanted = wanted;
        this.onMessage = onMessage;
        this.hearing = new Hearing(config.probeInterval(), config.timeout());
    }

    /** To be called again and again: connects, or sees whether it still hears, and hears what was denied before. */
    void tick() {
        mayConnectAtOnce = true;
        if (subscription == null) {
            connect();
        } else {
            probe(subscription);
            adjust();
        }
    }

    /** Hears what is wanted now, and no more. */
    void adjust() {
        if (subscription != null) {
            subscription.adjust(wanted.get());
        }
    }

    /** Calls back when Redis has confirmed all adjustments; at once if there is no connection. */
    void whenConfirmed(Runnable callback) {
        if (subscription == null) {
            callback.run();
        } else {
            subscription.whenConfirmed(callback);
        }
    }

    void close() {
        closed = true;
        disconnect();
    }

    private void connect() {
        if (connecting || closed) {
            return;
        }
        connecting = true;
        OwnConnection.open(redis, config.timeout())
                .subscribe()
                .with(
                        opened -> context.runOnContext(unused -> {
                            connecting = false;
                            if (closed) {
                                OwnConnection.drop(opened);
                                return;
                            }
                            hearing.heard(System.nanoTime());
                            subscription = new RawSubscription(opened, context, this::hear, this::onEnd);
                            subscription.listen(probeChannel);
                            subscription.listen(noteChannel);
                            adjust();
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

    private void hear(String channel, byte[] payload) {
        hearing.heard(System.nanoTime());
        isLossTold = false;
        onMessage.accept(channel, payload);
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
