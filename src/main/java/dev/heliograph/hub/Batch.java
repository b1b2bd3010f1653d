package dev.heliograph.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.AbstractList;
import java.util.List;

/**
 * Consecutive entries on their way to one or more outlets of one format. Belongs to one event loop, for the time of a push.
 */
public final class Batch {
    private final List<Delivery> deliveries;
    private final WireFormat format;
    /** Null until an outlet asks for it. */
    private ByteBuf joined;

    Batch(List<Delivery> deliveries, WireFormat format) {
        this.deliveries = deliveries;
        this.format = format;
    }

    int size() {
        return deliveries.size();
    }

    /** The entries' frames, in order; shared, never changed. Each is encoded once for all outlets of a shared format. */
    public List<byte[]> frames() {
        return new AbstractList<>() {
            @Override
            public byte[] get(int index) {
                return deliveries.get(index).frame(format);
            }

            @Override
            public int size() {
                return deliveries.size();
            }
        };
    }

    /**
     * All frames in one buffer, which all outlets of the batch share.
     *
     * @param memory allocates the buffer for the first caller
     * @return to be released by the caller
     */
    public ByteBuf joined(ByteBufAllocator memory) {
        if (joined == null) {
            joined = join(memory);
        }
        return joined.retainedDuplicate();
    }

    private ByteBuf join(ByteBufAllocator memory) {
        int bytes = 0;
        var parts = new byte[deliveries.size()][];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = deliveries.get(i).frame(format);
            bytes += parts[i].length;
        }
        ByteBuf buffer = memory.ioBuffer(bytes);
        for (byte[] part : parts) {
            buffer.writeBytes(part);
        }
        return buffer;
    }

    /** Must be called once, after the last outlet. */
    void release() {
        if (joined != null) {
            joined.release();
        }
    }
}
