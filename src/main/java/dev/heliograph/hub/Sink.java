package dev.heliograph.hub;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/** Where a client's bytes go. Belongs to one event loop: every method but {@link #loop} is called there. */
public interface Sink {
    EventLoop loop();

    /** Whether little waits to be sent; while it is false nothing is pushed, and {@link Outlet#onWritable} ends that. */
    boolean isWritable();

    /**
     * Takes bytes without sending them.
     *
     * @param bytes released by the sink
     */
    void write(ByteBuf bytes);

    void flush();

    /** Memory to write into, of the kind that costs the sink least. */
    ByteBuf buffer(int bytes);
}
