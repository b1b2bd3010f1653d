package dev.heliograph.transport.socket;

import dev.heliograph.http.route.Sockets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Keeps what a client sends right behind its handshake until its connection is open: Vert.x answers in a later turn, and would
 * read it as HTTP before, and drop it between the answer and {@code OnOpen}. Belongs to the connection's event
 * loop.
 */
final class SocketOpening extends ChannelInboundHandlerAdapter {
    private final Channel socket;
    /** Frames, and what is wrong with one. */
    private final Queue<Object> held = new ArrayDeque<>(0);

    private SocketOpening(Channel socket) {
        this.socket = socket;
    }

    /** To be called while the handshake is being read, once nothing can refuse it any more. */
    static SocketOpening begin(Channel socket) {
        var opening = new SocketOpening(socket);
        // What has been read already is all that may be held.
        socket.config().setAutoRead(false);
        Sockets.replaceDecoder(socket, new HeldBytes());
        Sockets.addBeforeVertx(socket, null, opening);
        return opening;
    }

    Channel socket() {
        return socket;
    }

    /** Lets everything pass from now on. */
    void end() {
        socket.config().setAutoRead(true);
        ChannelHandlerContext context = socket.pipeline().context(this);
        if (context == null) {
            // The client has gone, and what it sent was released.
            return;
        }
        for (Object next = held.poll(); next != null; next = held.poll()) {
            if (next instanceof Throwable failure) {
                context.fireExceptionCaught(failure);
            } else {
                context.fireChannelRead(next);
            }
        }
        // Vert.x flushes its pongs only now.
        context.fireChannelReadComplete();
        socket.pipeline().remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof WebSocketFrame) {
            held.add(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException) {
            held.add(failure);
        } else {
            context.fireExceptionCaught(failure);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }

    /** Reads nothing; when the decoder of frames takes its place, Netty hands over the bytes. */
    private static final class HeldBytes extends HttpRequestDecoder {
        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> decoded) {
            // They are no HTTP.
        }

        @Override
        protected void decodeLast(ChannelHandlerContext context, ByteBuf bytes, List<Object> decoded) {
            // The client went before it was answered.
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            // A decoder that has decoded nothing would ask for more.
            context.fireChannelReadComplete();
        }
    }
}
