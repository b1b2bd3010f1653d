package dev.heliograph.log.memory;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.Accepted;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The event log in this process, with its documents. No entry outlives the process, and no other node sees the log. One
 * lock guards all channels, because an append touches two of them and the bound over all. An append holds the lock for
 * about a microsecond; the listeners are called without it. Entries are announced on the thread that subscribed to {@link
 * #append}, or on the thread of a concurrent append.
 */
public final class MemoryEventLog implements EventLog, DocumentLog, Feed {
    /** Below this the largest legal event would not fit into one channel's share. */
    private static final long MIN_MAX_BYTES = 8 << 20;

    private static final int KEYS_SHARE = 4;
    private static final int DOCUMENTS_SHARE = 8;

    private final Object lock = new Object();
    private final ChannelLogs logs;
    private final DocumentStore documents;
    private final RecentKeys keys;
    private final Announcer announcer;

    /** @param maxBytes see {@link Config#maxBytes} */
    public MemoryEventLog(Catalogue catalogue, long maxBytes, Clock clock) {
        if (maxBytes < MIN_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "heliograph.memory.max-bytes is " + maxBytes + ", expected at least " + MIN_MAX_BYTES);
        }
        long maxKeyBytes = maxBytes / KEYS_SHARE;
        logs = new ChannelLogs(catalogue, maxBytes - maxKeyBytes, clock);
        documents = new DocumentStore(catalogue, maxBytes / DOCUMENTS_SHARE, clock);
        keys = new RecentKeys(maxKeyBytes, clock);
        announcer = new Announcer(lock, logs);
    }

    @Override
    public Uni<Accepted> append(Event event, String idempotencyKey) {
        return Uni.createFrom().item(() -> appendNow(event, idempotencyKey));
    }

    @Override
    public Uni<History> since(Channel channel, Position after, int limit) {
        return Uni.createFrom().item(() -> read(channel, after, limit));
    }

    @Override
    public Uni<List<Entry>> latest(Channel channel) {
        return Uni.createFrom().item(() -> {
            synchronized (lock) {
                return logs.open(channel).latest();
            }
        });
    }

    @Override
    public Uni<Snapshot> snapshot(Channel channel) {
        return Uni.createFrom().item(() -> {
            synchronized (lock) {
                return new Snapshot(
                        Optional.ofNullable(documents.find(channel)),
                        logs.open(channel).top());
            }
        });
    }

    @Override
    public Uni<Optional<Accepted>> earlier(Channel channel, String idempotencyKey) {
        return Uni.createFrom().item(() -> {
            synchronized (lock) {
                return Optional.ofNullable(repeated(channel, idempotencyKey));
            }
        });
    }

    @Override
    public Uni<Optional<Accepted>> change(DocumentChange change, Expected expected, String idempotencyKey) {
        return Uni.createFrom().item(() -> changeNow(change, expected, idempotencyKey));
    }

    @Override
    public Uni<Void> follow(Channel channel) {
        return Uni.createFrom().item(() -> {
            announcer.follow(channel);
            return null;
        });
    }

    @Override
    public void unfollow(Channel channel) {
        announcer.unfollow(channel);
    }

    @Override
    public void listen(Listener listener) {
        announcer.listen(listener);
    }

    @Override
    public Uni<Void> broadcast(String notice) {
        return Uni.createFrom().item(() -> {
            announcer.tell(notice);
            return null;
        });
    }

    /** The estimated memory of the channels, in bytes. */
    long bytes() {
        synchronized (lock) {
            return logs.bytes();
        }
    }

    private Accepted appendNow(Event event, String idempotencyKey) {
        Accepted accepted;
        synchronized (lock) {
            Accepted first = repeated(event.channel(), idempotencyKey);
            if (first != null) {
                return first;
            }
            accepted = appendLocked(event, idempotencyKey);
        }
        announce(event.channel());
        return accepted;
    }

    private Optional<Accepted> changeNow(DocumentChange change, Expected expected, String idempotencyKey) {
        Channel channel = change.channel();
        Accepted accepted;
        synchronized (lock) {
            Accepted first = repeated(channel, idempotencyKey);
            if (first != null) {
                return Optional.of(first);
            }
            Document present = documents.find(channel);
            if (!expected.allows(present == null ? null : present.version())) {
                return Optional.empty();
            }
            documents.requireRoomFor(change);
            accepted = appendLocked(change.event(), idempotencyKey);
            documents.put(change, accepted.position());
            logs.leaveRoom(documents.bytes());
        }
        announce(channel);
        return Optional.of(accepted);
    }

    /** The first result under the key; null if there is none. Called with the lock. */
    private Accepted repeated(Channel channel, String idempotencyKey) {
        Accepted first = idempotencyKey == null ? null : keys.find(channel, idempotencyKey);
        return first == null ? null : new Accepted(first.id(), first.position(), true);
    }

    /** Called with the lock. {@link #announce} must follow without the lock. */
    private Accepted appendLocked(Event event, String idempotencyKey) {
        Channel channel = event.channel();
        byte[] payload = event.payload();
        var accepted = new Accepted(event.id(), logs.append(channel, event.type(), payload), false);
        if (!channel.isFirehose()) {
            logs.append(channel.firehose(), event.type(), payload);
        }
        if (idempotencyKey != null) {
            keys.remember(channel, idempotencyKey, accepted);
        }
        return accepted;
    }

    private void announce(Channel channel) {
        announcer.announce(channel);
        if (!channel.isFirehose()) {
            announcer.announce(channel.firehose());
        }
    }

    private History read(Channel channel, Position after, int limit) {
        synchronized (lock) {
            ChannelLog log = logs.open(channel);
            Position top = log.top();
            Position start = History.startOf(after, top, log.firstOffset());
            return History.of(after, top, log.firstOffset(), log.after(start.offset(), limit));
        }
    }

    /** Options of the event log in this process: {@code heliograph.memory.*}. */
    public interface Config {
        /**
         * How much memory all channels, documents and idempotency keys take together, in bytes, at least 8M. The keys take up
         * to a quarter of it; beyond that the oldest are forgotten before their 5 minutes are over. Of the other three quarters
         * documents take up to an eighth of the whole: they are never forgotten, and a document that does not fit is refused.
         * The rest is for channels, each up to a quarter of the whole; beyond it the history of the channel that was appended
         * to least recently goes first.
         */
        @WithDefault("256M")
        MemorySize maxBytes();
    }
}
