package dev.heliograph.log;

import dev.heliograph.event.Channel;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A feed for several users. Each listener hears whatever any of them follows; a channel is followed until everyone who
 * follows it has unfollowed it. Any thread may call.
 *
 * <p>A subscription to {@link #follow} counts, however it ends, until one {@link #unfollow}, which must come after it. The
 * engine is called for the last unfollow while the count is locked, so that a follow that begins at the same time reaches
 * it afterwards; it is called for every follow, as it knows best which ones are under way, but never under a lock, since
 * it may complete at once.
 */
public final class SharedFeed implements Feed {
    private final Feed engine;
    private final Map<Channel, Integer> followers = new ConcurrentHashMap<>();

    public SharedFeed(Feed engine) {
        this.engine = engine;
    }

    @Override
    public Uni<Void> follow(Channel channel) {
        return Uni.createFrom().deferred(() -> {
            followers.merge(channel, 1, Integer::sum);
            return engine.follow(channel);
        });
    }

    /** Takes back one {@link #follow}; without one it does nothing. */
    @Override
    public void unfollow(Channel channel) {
        followers.computeIfPresent(channel, (name, count) -> {
            if (count > 1) {
                return count - 1;
            }
            // docs/decisions.md: The feed is shared by counting, and its engines know nothing of it
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
