package dev.heliograph.hub;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;

/**
 * One client's socket as the hub writes to it. Belongs to the socket's event loop: every method but {@link #loop} is to be
 * called there. Bytes go past the HTTP layer straight into the Netty channel, so they must be whole frames.
 */
public final class Outlet {
    private final Channel socket;
    private final ChannelHandlerContext door;
    private List<Subscription> behind = List.of();
    private boolean isDirty;
    private boolean isClosed;

    public Outlet(Channel socket) {
        this.socket = socket;
        this.door = openDoor(socket.pipeline());
    }

    /**
     * The last place in the pipeline that finished bytes have to pass: behind TLS if there is any, else at the socket. The
     * handlers before it encode frames and watch for idleness; each would cost every push, and add nothing to it.
     */
    private static ChannelHandlerContext openDoor(ChannelPipeline pipeline) {
        var door = new Door();
        ChannelHandlerContext tls = pipeline.context(SslHandler.class);
        if (tls == null) {
            pipeline.addFirst(door);
        } else {
            pipeline.addAfter(tls.name(), null, door);
        }
        return pipeline.context(door);
    }

    private static final class Door extends ChannelHandlerAdapter {}

    public EventLoop loop() {
        return socket.eventLoop();
    }

    /** Whether less than Netty's high-water mark (64 KiB) waits to be sent. */
    boolean isWritable() {
        return socket.isWritable();
    }

    /** Writes whole frames at once and sends them; silently nothing after {@link #close}. */
    public void send(byte[] frames) {
        if (!isClosed) {
            ByteBuf buffer = socket.alloc().directBuffer(frames.length).writeBytes(frames);
            door.writeAndFlush(buffer, socket.voidPromise());
            isDirty = false;
        }
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
        door.write(frames, socket.voidPromise());
        boolean wasClean = !isDirty;
        isDirty = true;
        return wasClean;
    }

    void flush() {
        if (isDirty) {
            isDirty = false;
            door.flush();
        }
    }

    ByteBuf buffer(int bytes) {
        return socket.alloc().directBuffer(bytes);
    }

    /** Nothing is written any more; to be called before the closing frame goes out. */
    public void close() {
        isClosed = true;
        behind = List.of();
    }

    /** To be called by the transport when the socket has become writable again. */
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
