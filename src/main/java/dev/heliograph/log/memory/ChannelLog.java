package dev.heliograph.log.memory;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One channel's newest entries in a ring that grows up to a capacity, and the newest entry of each type. The latter stays
 * when it leaves the ring. Guarded by the lock of {@link MemoryEventLog}.
 */
final class ChannelLog {
    /** The memory of a channel without entries: this object, its name and epoch, its place in a map; rounded up. */
    static final int OVERHEAD_BYTES = 512;

    private static final int ENTRY_OVERHEAD_BYTES = 112;
    private static final int FIRST_RING_LENGTH = 4;
    private static final int EPOCH_RADIX = 36;

    private final Channel channel;
    private final Position start = new Position(newEpoch(), 0);
    private final int capacity;
    private Entry[] ring = new Entry[FIRST_RING_LENGTH];
    /** The newest entry of each type, in the order of their offsets. */
    private final Map<String, Entry> latest = new LinkedHashMap<>();

    private long firstOffset = 1;
    private long topOffset;
    private long lastAppendMillis;
    private long bytes = OVERHEAD_BYTES;

    /** @param capacity how many entries are kept at the most */
    ChannelLog(Channel channel, int capacity) {
        this.channel = channel;
        this.capacity = capacity;
    }

    Position append(String type, byte[] payload, long nowMillis) {
        if (size() == capacity) {
            dropOldest();
        }
        if (size() == ring.length) {
            grow();
        }
        Position position = start.at(++topOffset);
        var entry = new Entry(channel, position, payload);
        ring[slot(topOffset)] = entry;
        bytes += costOf(entry);
        Entry last = latest.remove(type);
        if (last != null && !isInRing(last)) {
            bytes -= costOf(last);
        }
        latest.put(type, entry);
        lastAppendMillis = nowMillis;
        return position;
    }

    /** The entries after an offset that are still held, oldest first. */
    List<Entry> after(long offset, int limit) {
        long from = Math.max(offset + 1, firstOffset);
        long to = Math.min(topOffset, from + limit - 1);
        var page = new ArrayList<Entry>((int) Math.max(0, to - from + 1));
        for (long each = from; each <= to; each++) {
            page.add(ring[slot(each)]);
        }
        return page;
    }

    /** The newest entry of each type, in the order of their offsets. */
    List<Entry> latest() {
        return List.copyOf(latest.values());
    }

    /** Forgets the oldest entry that takes memory, even if it is the newest of its type. */
    void forgetOldest() {
        Entry eldest = latest.values().iterator().next();
        if (isInRing(eldest)) {
            eldest = ring[slot(firstOffset)];
            dropOldest();
        }
        if (latest.remove(eldest.type(), eldest)) {
            bytes -= costOf(eldest);
        }
    }

    /** Forgets the oldest entry of the ring, unless it is the newest of its type. */
    private void dropOldest() {
        int slot = slot(firstOffset++);
        Entry dropped = ring[slot];
        ring[slot] = null;
        if (latest.get(dropped.type()) != dropped) {
            bytes -= costOf(dropped);
        }
    }

    /** Forgets every entry; the epoch stays and offsets go on. */
    void clear() {
        ring = new Entry[FIRST_RING_LENGTH];
        latest.clear();
        firstOffset = topOffset + 1;
        bytes = OVERHEAD_BYTES;
    }

    /** The position before the first entry of this life. */
    Position start() {
        return start;
    }

    Position top() {
        return start.at(topOffset);
    }

    /** The offset of the oldest entry held; one more than the top's if none is. */
    long firstOffset() {
        return firstOffset;
    }

    long lastAppendMillis() {
        return lastAppendMillis;
    }

    boolean isEmpty() {
        return size() == 0;
    }

    /** The estimated memory of this log and its entries. */
    long bytes() {
        return bytes;
    }

    private boolean isInRing(Entry entry) {
        return entry.offset() >= firstOffset;
    }

    private int size() {
        return (int) (topOffset - firstOffset + 1);
    }

    private int slot(long offset) {
        return (int) (offset % ring.length);
    }

    private void grow() {
        Entry[] old = ring;
        int oldSize = size();
        ring = new Entry[Math.min(capacity, old.length * 2)];
        for (long each = firstOffset; each < firstOffset + oldSize; each++) {
            ring[slot(each)] = old[(int) (each % old.length)];
        }
    }

    private static int costOf(Entry entry) {
        return entry.payload().length + ENTRY_OVERHEAD_BYTES;
    }

    private static String newEpoch() {
        return Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), EPOCH_RADIX);
    }
}
