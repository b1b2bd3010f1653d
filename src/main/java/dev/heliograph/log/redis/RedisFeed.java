package dev.heliograph.log.redis;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The feed over a {@link RedisSubscriber}, with an exact subscription for each channel that is followed. */
final class RedisFeed implements Feed {
    private final RedisLink publisher;
    private final Keys keys;
    private final Context context;
    private final RedisSubscriber subscriber;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    public RedisFeed(Vertx vertx, Redis redis, RedisEngine.Config config, MeterRegistry metrics) {
        this.publisher = new RedisLink(redis, config.timeout());
        this.keys = new Keys(config.prefix());
        this.context = vertx.getOrCreateContext();
        this.subscriber = new RedisSubscriber(
                context,
                redis,
                publisher,
                config,
                "the feed",
                RedisSubscriber.reconnects("feed", metrics),
                () -> tellAll(Listener::onDoubt));
    }

    /** Opens the connection, and keeps one open until {@link #close}. */
    public void start() {
        subscriber.subscribe(keys.notices(), (channel, notice) -> onNotice(notice));
        subscriber.start();
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    @Override
    public Uni<Void> follow(Channel channel) {
        return Uni.createFrom().deferred(() -> {
            String name = keys.live(channel);
            subscriber.subscribe(name, (unused, announcement) -> onAnnouncement(channel, announcement));
            return subscriber.confirmed(name);
        });
    }

    @Override
    public void unfollow(Channel channel) {
        subscriber.unsubscribe(keys.live(channel));
    }

    @Override
    public Uni<Void> broadcast(String notice) {
        return publisher.send(Command.PUBLISH, keys.notices(), notice).replaceWithVoid();
    }

    /** Whether announcements can be trusted to come: connected, restored, and heard from recently. Any thread may ask. */
    public boolean isHealthy() {
        return subscriber.isHealthy();
    }

    @Override
    public boolean isTrusted() {
        return isHealthy();
    }

    /** The time since anything, if only a probe, came over the connection. Any thread may ask. */
    public Duration sinceLastHeard() {
        return subscriber.sinceLastHeard();
    }

    /** Ends the feed; those who wait for a channel are told that the log is unavailable. */
    public void close() {
        subscriber.close();
        // After the subscriber, whose last probe would open the link again.
        context.runOnContext(unused -> publisher.close());
    }

    private void onAnnouncement(Channel channel, byte[] announcement) {
        Entry announced = isProofOfRight(announcement) ? null : Announcement.read(channel, announcement);
        if (announced != null) {
            tellAll(listener -> listener.onEntry(announced));
        }
    }

    private void onNotice(byte[] notice) {
        if (!isProofOfRight(notice)) {
            String text = new String(notice, StandardCharsets.UTF_8);
            tellAll(listener -> listener.onNotice(text));
        }
    }

    private void tellAll(Consumer<Listener> call) {
        for (Listener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                Log.error("A listener of the feed failed", e);
            }
        }
    }

    /** Whether a script has sent it only because Redis 6.2 cannot be asked for the right to publish (rights.lua). */
    private static boolean isProofOfRight(byte[] message) {
        return message.length == 1 && message[0] == '?';
    }
}
