package dev.heliograph.transport.sse;

import dev.heliograph.hub.Sink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** The slower way, through Vert.x: on HTTP/2 many streams share one Netty channel. */
final class SseResponseSink implements Sink {
    private final HttpServerResponse response;
    private final EventLoop loop;

    SseResponseSink(HttpServerResponse response, EventLoop loop) {
        this.response = response;
        this.loop = loop;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public boolean isWritable() {
        return !response.writeQueueFull();
    }

    @Override
    public void write(ByteBuf bytes) {
        if (response.ended() || response.closed()) {
            bytes.release();
        } else {
            // Vert.x releases no buffer that it did not make, and this one may be pooled, and shared with sockets.
            response.write(Buffer.buffer(ByteBufUtil.getBytes(bytes)));
            bytes.release();
        }
    }

    /** Vert.x sends what it is given. */
    @Override
    public void flush() {}

    @Override
    public ByteBuf buffer(int bytes) {
        return Unpooled.buffer(bytes);
    }
}
