package dev.heliograph.log;

import dev.heliograph.event.Channel;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@link Feed#shared}.
 *
 * <p>A subscription to {@link #follow} counts until one later {@link #unfollow}, even if it fails. The engine's unfollow
 * runs while the count is locked, so a follow at the same time reaches the engine afterwards. The engine's follow runs
 * every time, because the engine knows which ones are under way. It never runs under the lock, because it may complete at
 * once.
 */
final class SharedFeed implements Feed {
    private final Feed engine;
    private final Map<Channel, Integer> followers = new ConcurrentHashMap<>();

    SharedFeed(Feed engine) {
        this.engine = engine;
    }

    @Override
    public Uni<Void> follow(Channel channel) {
        return Uni.createFrom().deferred(() -> {
            followers.merge(channel, 1, Integer::sum);
            return engine.follow(channel);
        });
    }

    /** Takes back one {@link #follow}; does nothing if there is none. */
    @Override
    public void unfollow(Channel channel) {
        followers.computeIfPresent(channel, (name, count) -> {
            if (count > 1) {
                return count - 1;
            }
            // docs/decisions.md: An engine tells all listeners, and a counter of followers stands before it
            engine.unfollow(channel);
            return null;
        });
    }

    @Override
    public void listen(Listener listener) {
        engine.listen(listener);
    }

    @Override
    public Uni<Void> broadcast(String notice) {
        return engine.broadcast(notice);
    }

    @Override
    public boolean isTrusted() {
        return engine.isTrusted();
    }
}
