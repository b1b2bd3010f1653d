package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import dev.heliograph.log.memory.MemoryEventLog;
import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A memory log whose answers and announcements come when, and in the order in which, a random script says; some
 * announcements come twice and, if it is lossy, some never, as when a connection to Redis breaks. Single-threaded.
 */
final class ScriptedLog implements EventLog, Feed, Feed.Listener {
    private final MemoryEventLog log;
    private final Random random;
    private final Set<Channel> followed = new HashSet<>();
    private final List<Runnable> undone = new ArrayList<>();
    private final Deque<Entry> unannounced = new ArrayDeque<>();
    private final boolean isLossy;
    private Listener hub;

    /** @param isLossy whether some announcements never come */
    ScriptedLog(MemoryEventLog log, Random random, boolean isLossy) {
        this.isLossy = isLossy;
        this.log = log;
        this.random = random;
        log.listen(this);
    }

    @Override
    public Uni<Accepted> append(Event event, String idempotencyKey) {
        return log.append(event, idempotencyKey);
    }

    @Override
    public Uni<History> since(Channel channel, Position after, int limit) {
        return Uni.createFrom()
                .emitter(emitter -> undone.add(() -> {
                    // The log is read now, the answer comes later: what happens in between is what joins are about.
                    History page = log.since(channel, after, limit).await().indefinitely();
                    undone.add(() -> emitter.complete(page));
                }));
    }

    @Override
    public Uni<List<Entry>> latest(Channel channel) {
        return log.latest(channel);
    }

    @Override
    public Uni<Void> broadcast(String notice) {
        return log.broadcast(notice);
    }

    @Override
    public Uni<Void> follow(Channel channel) {
        return Uni.createFrom()
                .emitter(emitter -> undone.add(() -> {
                    log.follow(channel).await().indefinitely();
                    followed.add(channel);
                    undone.add(() -> emitter.complete(null));
                }));
    }

    @Override
    public void unfollow(Channel channel) {
        followed.remove(channel);
        log.unfollow(channel);
    }

    @Override
    public void listen(Listener listener) {
        hub = listener;
    }

    @Override
    public void onEntry(Entry entry) {
        if (followed.contains(entry.channel())) {
            unannounced.add(entry);
        }
    }

    @Override
    public void onDoubt() {
        hub.onDoubt();
    }

    boolean isLossy() {
        return isLossy;
    }

    boolean hasWork() {
        return !undone.isEmpty() || !unannounced.isEmpty();
    }

    /** Does one thing that is due, chosen by chance; false if nothing is. */
    boolean step() {
        if (!hasWork()) {
            return false;
        }
        int choice = random.nextInt(undone.size() + Math.min(1, unannounced.size()));
        if (choice < undone.size()) {
            undone.remove(choice).run();
        } else {
            announce(unannounced.poll());
        }
        return true;
    }

    private void announce(Entry entry) {
        int fate = random.nextInt(20);
        if (fate > 0 || !isLossy) {
            hub.onEntry(entry);
        }
        if (fate == 1) {
            hub.onEntry(entry);
        }
    }
}
