package dev.heliograph.hub;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * One client as the hub writes to it: what waits to be flushed, and which subscriptions wait for room. Belongs to the
 * client's event loop: every method but {@link #loop} is to be called there.
 */
public final class Outlet {
    private final Sink sink;
    private List<Subscription> behind = List.of();
    private boolean isDirty;
    private boolean isClosed;

    public Outlet(Sink sink) {
        this.sink = sink;
    }

    /** Bytes go straight into the Netty channel, so they must be whole frames of its protocol. */
    public Outlet(Channel socket) {
        this(new SocketSink(socket));
    }

    public EventLoop loop() {
        return sink.loop();
    }

    boolean isWritable() {
        return sink.isWritable();
    }

    /** Writes whole frames at once and sends them; silently nothing after {@link #close}. */
    public void send(byte[] frames) {
        write(buffer(frames.length).writeBytes(frames));
        flush();
    }

    /**
     * Writes without sending.
     *
     * @param frames released by this method
     * @return true if this is the first write since the last {@link #flush}
     */
    boolean write(ByteBuf frames) {
        if (isClosed) {
            frames.release();
            return false;
        }
        sink.write(frames);
        boolean wasClean = !isDirty;
        isDirty = true;
        return wasClean;
    }

    void flush() {
        if (isDirty) {
            isDirty = false;
            sink.flush();
        }
    }

    ByteBuf buffer(int bytes) {
        return sink.buffer(bytes);
    }

    /** Nothing is written any more; to be called before the closing frame goes out. */
    public void close() {
        isClosed = true;
        behind = List.of();
    }

    /** To be called by the transport when the sink has become writable again. */
    public void onWritable() {
        List<Subscription> resumed = behind;
        behind = List.of();
        resumed.forEach(Subscription::resume);
    }

    void addBehind(Subscription subscription) {
        if (behind.isEmpty()) {
            behind = new ArrayList<>(2);
        }
        behind.add(subscription);
    }
}
