package dev.heliograph.hub;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * One client as the hub writes to it: what waits to be flushed, and who waits for room. Belongs to the client's event loop:
 * every method but {@link #loop} is to be called there.
 */
public final class Outlet {
    private final Sink sink;
    private List<Runnable> waiting = List.of();
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
        waiting = List.of();
    }

    /** To be called by the transport when the sink has become writable again. */
    public void onWritable() {
        List<Runnable> resumed = waiting;
        waiting = List.of();
        resumed.forEach(Runnable::run);
    }

    /** Runs a step once the sink takes more, never at once; not at all if the outlet is closed before. */
    public void whenWritable(Runnable step) {
        if (isClosed) {
            return;
        }
        if (isWritable()) {
            // A flush since the last write may have made room already: nobody will call when it does.
            loop().execute(() -> {
                if (!isClosed) {
                    step.run();
                }
            });
            return;
        }
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>(2);
        }
        waiting.add(step);
    }
}
