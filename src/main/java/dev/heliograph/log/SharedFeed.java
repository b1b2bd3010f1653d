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
 * A feed for several users. Each of them hears whatever any of them follows; a channel is followed until everyone who
 * follows it has unfollowed it. Any thread may call.
 *
 * <p>A subscription to {@link #follow} counts, however it ends, until one {@link #unfollow}, which must come after it. The
 * engine is called for the last unfollow while the count is locked, so that a follow that begins at the same time reaches
 * it afterwards; it is called for every follow, as it knows best which ones are under way, but never under a lock, since
 * it may complete at once.
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

    /** One listener that fails must not keep the others from hearing. */
    private final class Everybody implements Listener {
        @Override
        public void onEntry(Entry entry) {
            for (Listener listener : listeners) {
                try {
                    listener.onEntry(entry);
                } catch (RuntimeException e) {
                    logFailure(e);
                }
            }
        }

        @Override
        public void onDoubt() {
            tellAll(Listener::onDoubt);
        }

        @Override
        public void onNotice(String notice) {
            tellAll(listener -> listener.onNotice(notice));
        }

        private void tellAll(Consumer<Listener> call) {
            for (Listener listener : listeners) {
                try {
                    call.accept(listener);
                } catch (RuntimeException e) {
                    logFailure(e);
                }
            }
        }

        private void logFailure(RuntimeException failure) {
            Log.error("A listener of the feed failed", failure);
        }
    }
}
