package dev.heliograph.transport.poll;

import dev.heliograph.hub.Sink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers lines of {@link PollFormat} until the poll is answered. Holds the buffers that all polls on the same position
 * share, and copies nothing. Belongs to one event loop.
 */
final class PollSink implements Sink {
    /** Beyond this an answer takes no more; the client asks for the rest at once. */
    private static final int ENOUGH_BYTES = 64 * 1024;

    private final EventLoop loop;
    private final Runnable onLines;
    // docs/decisions.md: A poll is a subscription that ends with the first thing it is told
    private final List<ByteBuf> lines = new ArrayList<>(1);
    private int bytes;

    /** @param onLines called when there is something to answer; possibly several times */
    PollSink(EventLoop loop, Runnable onLines) {
        this.loop = loop;
        this.onLines = onLines;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public boolean isWritable() {
        return bytes < ENOUGH_BYTES;
    }

    @Override
    public void write(ByteBuf more) {
        bytes += more.readableBytes();
        lines.add(more);
    }

    @Override
    public void flush() {
        if (bytes > 0) {
            onLines.run();
        }
    }

    /** On the heap: what is gathered is read once and never sent as it is. */
    @Override
    public ByteBuf buffer(int size) {
        return Unpooled.buffer(size);
    }

    int bytes() {
        return bytes;
    }

    byte[] gathered() {
        var all = new ByteArrayOutputStream(bytes);
        lines.forEach(some -> all.writeBytes(ByteBufUtil.getBytes(some)));
        return all.toByteArray();
    }

    void release() {
        lines.forEach(ByteBuf::release);
        lines.clear();
    }
}
