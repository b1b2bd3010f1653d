package dev.heliograph.log.memory;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Feed;
import dev.heliograph.log.Position;
import io.quarkus.logging.Log;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Announces appended entries, in order and serially for each channel, and never under a lock.
 *
 * <p>There is no queue: the log is the queue. A followed channel has the position of the last announcement, and the number
 * of appends to announce. The thread that raises this number from zero announces: it takes pages from the log under the
 * lock, and passes them to the listeners outside the lock, until the number is zero again. Other threads only raise the
 * number. An entry that the log forgot in the meantime is skipped. If no newer entry shows the hole, the listeners get a
 * doubt.
 *
 * <p>A channel that is no longer followed leaves the map only when no thread announces it. A new follower therefore takes
 * over the same state, and calls for one channel never overlap.
 */
final class Announcer {
    private static final int PAGE_SIZE = 64;
    private static final int CLOSED = Integer.MIN_VALUE;

    private final Map<Channel, Following> followed = new ConcurrentHashMap<>();
    private final Object lock;
    private final ChannelLogs logs;
    private final List<Feed.Listener> listeners = new CopyOnWriteArrayList<>();

    /** @param lock guards {@code logs}; an appending thread holds it */
    Announcer(Object lock, ChannelLogs logs) {
        this.lock = lock;
        this.logs = logs;
    }

    void listen(Feed.Listener listener) {
        listeners.add(listener);
    }

    void follow(Channel channel) {
        synchronized (lock) {
            Position top = logs.open(channel).top();
            Following following = followed.computeIfAbsent(channel, Following::new);
            if (!following.isFollowed) {
                following.isFollowed = true;
                following.announced = top;
            }
        }
    }

    void unfollow(Channel channel) {
        synchronized (lock) {
            Following following = followed.get(channel);
            if (following != null) {
                following.isFollowed = false;
                removeIfIdle(following);
            }
        }
    }

    /** Must be called after each append, without the lock. */
    void announce(Channel channel) {
        Following following = followed.get(channel);
        if (following == null || following.toAnnounce.getAndIncrement() != 0) {
            return;
        }
        int announcing = 1;
        do {
            announceAll(following);
            announcing = following.toAnnounce.addAndGet(-announcing);
        } while (announcing != 0);
        removeIfIdle(following);
    }

    void tell(String notice) {
        callAll(listener -> listener.onNotice(notice));
    }

    private void announceAll(Following following) {
        Page page;
        do {
            page = next(following);
            for (Entry entry : page.entries) {
                if (!following.isFollowed) {
                    return;
                }
                callAll(listener -> listener.onEntry(entry));
            }
            if (page.isLost) {
                callAll(Feed.Listener::onDoubt);
            }
        } while (!page.entries.isEmpty());
    }

    private Page next(Following following) {
        synchronized (lock) {
            if (!following.isFollowed) {
                return new Page(List.of(), false);
            }
            ChannelLog log = logs.find(following.channel);
            if (log == null) {
                following.announced = null;
                return new Page(List.of(), true);
            }
            Position after = following.announced;
            if (after == null || !after.epoch().equals(log.start().epoch())) {
                after = log.start();
            }
            List<Entry> entries = log.after(after.offset(), PAGE_SIZE);
            following.announced = entries.isEmpty()
                    ? log.top()
                    : entries.get(entries.size() - 1).position();
            return new Page(
                    entries, entries.isEmpty() && after.offset() < log.top().offset());
        }
    }

    private void removeIfIdle(Following following) {
        if (following.isFollowed) {
            return;
        }
        synchronized (lock) {
            if (!following.isFollowed && following.toAnnounce.compareAndSet(0, CLOSED)) {
                followed.remove(following.channel, following);
            }
        }
    }

    /** A listener that fails must neither fail the append nor silence the channel for the others. */
    private void callAll(Consumer<Feed.Listener> call) {
        for (Feed.Listener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                Log.error("A listener of the feed failed", e);
            }
        }
    }

    /** @param isLost whether entries were forgotten before they could be announced, and none is left to show it */
    private record Page(List<Entry> entries, boolean isLost) {}

    private static final class Following {
        final Channel channel;
        final AtomicInteger toAnnounce = new AtomicInteger();
        /** Changed under the lock only. */
        volatile boolean isFollowed;
        /** Guarded by the lock; null: from the beginning. */
        Position announced;

        Following(Channel channel) {
            this.channel = channel;
        }
    }
}
