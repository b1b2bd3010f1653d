package dev.heliograph.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;

/** A client with a Netty channel of its own: bytes go past the HTTP layer, so they must be whole frames of its protocol. */
public final class SocketOutlet extends FrameOutlet {
    private final Channel socket;
    private final ChannelHandlerContext door;
    private boolean isDirty;

    public SocketOutlet(Channel socket, WireFormat format) {
        super(format);
        this.socket = socket;
        this.door = door(socket.pipeline());
    }

    /**
     * The last handler that finished bytes have to pass: TLS if there is any, otherwise the socket. The handlers before it
     * encode frames and watch for idleness. They would cost time for every push, and add nothing.
     */
    private static ChannelHandlerContext door(ChannelPipeline pipeline) {
        ChannelHandlerContext present = pipeline.context(Door.class);
        if (present != null) {
            return present;
        }
        // docs/decisions.md: Pushes enter the pipeline next to the socket
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

    @Override
    public EventLoop loop() {
        return socket.eventLoop();
    }

    /** Whether less than Netty's high-water mark (64 KiB) waits to be sent. */
    @Override
    protected boolean isWritable() {
        return socket.isWritable();
    }

    @Override
    protected boolean write(ByteBuf frames) {
        door.write(frames, socket.voidPromise());
        boolean wasClean = !isDirty;
        isDirty = true;
        return wasClean;
    }

    @Override
    protected void flush() {
        if (isDirty) {
            isDirty = false;
            door.flush();
        }
    }

    @Override
    protected ByteBufAllocator memory() {
        return socket.alloc();
    }
}
