package dev.heliograph.log.memory;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.log.Position;
import java.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;

/**
 * All channels' logs within a bound in bytes. Beyond the bound whole histories are forgotten, first the one with the oldest
 * last append. Such a channel keeps its epoch and offsets, so a reader of all its entries has no gap. Channels without
 * history have a small bound of their own, because anyone may name a channel. A channel beyond that bound begins a new
 * epoch when it is named again. Guarded by the lock of {@link MemoryEventLog}.
 */
final class ChannelLogs {
    private static final int CHANNEL_SHARE = 3;
    private static final int IDLE_SHARE = 6;

    /** Logs with entries, the one with the oldest last append first. */
    private final LinkedHashMap<Channel, ChannelLog> held = new LinkedHashMap<>();
    /** Logs without entries, the one that is empty for the longest time first. */
    private final LinkedHashMap<Channel, ChannelLog> idle = new LinkedHashMap<>();

    private final Catalogue catalogue;
    private final Clock clock;
    private final long maxBytes;
    private final long maxChannelBytes;
    private final long maxIdleChannels;
    private long heldBytes;
    private long roomBytes;

    ChannelLogs(Catalogue catalogue, long maxBytes, Clock clock) {
        this.catalogue = catalogue;
        this.clock = clock;
        this.maxBytes = maxBytes;
        this.maxChannelBytes = maxBytes / CHANNEL_SHARE;
        this.maxIdleChannels = maxBytes / IDLE_SHARE / ChannelLog.OVERHEAD_BYTES;
    }

    Position append(Channel channel, String type, byte[] payload) {
        ChannelLog log = open(channel);
        setAside(channel, log);
        Position position = log.append(type, payload, clock.millis());
        while (log.bytes() > maxChannelBytes) {
            log.forgetOldest();
        }
        held.put(channel, log);
        heldBytes += log.bytes();
        forgetBeyondBound();
        return position;
    }

    /** The channel's log as it is now, without history that is too old; a new one if there was none. */
    ChannelLog open(Channel channel) {
        Namespace namespace = catalogue.namespaceOf(channel);
        ChannelLog log = find(channel);
        if (log == null) {
            log = new ChannelLog(channel, namespace.historySize(channel));
            idle.put(channel, log);
            forgetBeyondBound();
        } else if (!log.isEmpty()
                && clock.millis() - log.lastAppendMillis()
                        >= namespace.historyTtl().toMillis()) {
            forgetHistory(channel, log);
        }
        return log;
    }

    /** Keeps a part of the bound free for other data. */
    void leaveRoom(long bytes) {
        roomBytes = bytes;
        forgetBeyondBound();
    }

    /** The channel's log; null if there is none. */
    ChannelLog find(Channel channel) {
        ChannelLog log = held.get(channel);
        return log == null ? idle.get(channel) : log;
    }

    /** The estimated memory of all logs. */
    long bytes() {
        return heldBytes + (long) idle.size() * ChannelLog.OVERHEAD_BYTES;
    }

    private void forgetBeyondBound() {
        while (idle.size() > maxIdleChannels) {
            Iterator<ChannelLog> eldest = idle.values().iterator();
            eldest.next();
            eldest.remove();
        }
        while (bytes() + roomBytes > maxBytes) {
            var eldest = held.entrySet().iterator().next();
            forgetHistory(eldest.getKey(), eldest.getValue());
        }
    }

    private void forgetHistory(Channel channel, ChannelLog log) {
        setAside(channel, log);
        log.clear();
        idle.put(channel, log);
    }

    private void setAside(Channel channel, ChannelLog log) {
        if (held.remove(channel) != null) {
            heldBytes -= log.bytes();
        }
        idle.remove(channel);
    }
}
