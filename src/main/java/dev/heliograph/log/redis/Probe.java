package dev.heliograph.log.redis;

import io.quarkus.logging.Log;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;

/**
 * Finds out that a connection has become deaf: when nothing was heard for an interval, publishes a message on the common
 * path, which has to come back over the connection within the timeout. {@link #sinceLastHeard} may be called by any
 * thread, all else belongs to the feed's context.
 */
final class Probe {
    private final Vertx vertx;
    private final Context context;
    private final RedisLink publisher;
    private final RedisLogConfig config;
    private final String channel;
    private final Runnable onDeaf;

    private volatile long heardNanos = System.nanoTime();
    private long timer = -1;
    /** Runs while an echo is awaited; -1 when none is. */
    private long echoTimer = -1;

    Probe(Vertx vertx, Context context, RedisLink publisher, RedisLogConfig config, String channel, Runnable onDeaf) {
        this.vertx = vertx;
        this.context = context;
        this.publisher = publisher;
        this.config = config;
        this.channel = channel;
        this.onDeaf = onDeaf;
    }

    /** Begins with a new connection. */
    void start() {
        heard();
        timer = vertx.setPeriodic(config.probeInterval().toMillis(), unused -> context.runOnContext(v -> check()));
    }

    void stop() {
        vertx.cancelTimer(timer);
        vertx.cancelTimer(echoTimer);
        echoTimer = -1;
    }

    /** Something, if only an echo, came over the connection. */
    void heard() {
        heardNanos = System.nanoTime();
    }

    Duration sinceLastHeard() {
        return Duration.ofNanos(System.nanoTime() - heardNanos);
    }

    private void check() {
        if (echoTimer != -1 || sinceLastHeard().compareTo(config.probeInterval()) < 0) {
            return;
        }
        publisher
                .send(Command.PUBLISH, channel, "")
                .subscribe()
                .with(sent -> {}, failure -> Log.debugf("The probe was not sent: %s", failure.getMessage()));
        long before = heardNanos;
        echoTimer = vertx.setTimer(
                config.timeout().toMillis(), unused -> context.runOnContext(alsoUnused -> expectEcho(before)));
    }

    private void expectEcho(long before) {
        echoTimer = -1;
        if (heardNanos == before) {
            onDeaf.run();
        }
    }
}
