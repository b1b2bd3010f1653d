package dev.heliograph.log;

import dev.heliograph.event.Channel;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A feed for several users. Each listener gets the entries of all channels that any user follows. A channel is followed
 * until every follower has unfollowed it. Any thread may call.
 *
 * <p>A subscription to {@link #follow} counts until one later {@link #unfollow}, even if it fails. The engine's unfollow
 * runs while the count is locked, so a follow at the same time reaches the engine afterwards. The engine's follow runs
 * every time, because the engine knows which ones are under way. It never runs under the lock, because it may complete at
 * once.
 */
public final class SharedFeed implements Feed {
    private final Feed engine;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<Channel, Integer> followers = new ConcurrentHashMap<>();

    public SharedFeed(Feed engine) {
        this.engine = engine;
        engine.listen(new Everybody());
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
            // docs/decisions.md: One counter of followers stands in front of the feeds of all engines
            engine.unfollow(channel);
            return null;
        });
    }

    /** Adds a listener. */
    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    @Override
    public Uni<Void> broadcast(String notice) {
        return engine.broadcast(notice);
    }

    @Override
    public boolean isTrusted() {
        return engine.isTrusted();
    }

    private final class Everybody implements Listener {
        @Override
        public void onEntry(Entry entry) {
            callAll(listener -> listener.onEntry(entry));
        }

        @Override
        public void onDoubt() {
            callAll(Listener::onDoubt);
        }

        @Override
        public void onNotice(String notice) {
            callAll(listener -> listener.onNotice(notice));
        }

        /** A failing listener must not stop the others. */
        private void callAll(Consumer<Listener> call) {
            for (Listener listener : listeners) {
                try {
                    call.accept(listener);
                } catch (RuntimeException e) {
                    Log.error("A listener of the feed failed", e);
                }
            }
        }
    }
}
