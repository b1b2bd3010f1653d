package dev.heliograph.transport.sse;

import dev.heliograph.hub.FrameOutlet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** The slower way, through Vert.x: on HTTP/2 many streams share one Netty channel. */
final class SseResponseOutlet extends FrameOutlet {
    private final HttpServerResponse response;
    private final Channel socket;

    SseResponseOutlet(HttpServerResponse response, Channel socket, SseFormat format) {
        super(format);
        this.response = response;
        this.socket = socket;
    }

    @Override
    public EventLoop loop() {
        return socket.eventLoop();
    }

    @Override
    protected boolean isWritable() {
        return !response.writeQueueFull();
    }

    @Override
    protected boolean write(ByteBuf frames) {
        if (!response.ended() && !response.closed()) {
            // Vert.x releases no buffer that it did not make, and this one may be shared with sockets.
            response.write(Buffer.buffer(ByteBufUtil.getBytes(frames)));
        }
        frames.release();
        return false;
    }

    /** Vert.x sends what it is given. */
    @Override
    protected void flush() {}

    @Override
    protected ByteBufAllocator memory() {
        return socket.alloc();
    }
}
