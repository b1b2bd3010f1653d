package dev.heliograph.transport.ws;

import dev.heliograph.hub.Outlet;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemType;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.util.concurrent.TimeUnit;

/**
 * Stands between the frame decoder and Vert.x: refuses text that is not UTF-8 (RFC 6455, section 8.1; Vert.x would replace
 * the bytes in silence), says why when frames break the protocol or are too long, tells the outlet when the socket takes
 * more, and until then reads nothing of a client that asks for more than it takes.
 */
final class WsGuard extends Utf8FrameValidator {
    /** Closing at once, with bytes of the client unread, would reset the connection and lose the closing frame. */
    private static final int LINGER_MILLIS = 1000;

    private final Outlet outlet;
    private boolean isRefused;

    WsGuard(Outlet outlet) {
        super(false);
        this.outlet = outlet;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (!(cause instanceof CorruptedWebSocketFrameException broken)) {
            super.exceptionCaught(context, cause);
            return;
        }
        if (isRefused) {
            return;
        }
        isRefused = true;
        outlet.send(WsAnswers.error(null, Problem.of(problemType(broken.closeStatus()), broken.getMessage())));
        outlet.close();
        context.writeAndFlush(new CloseWebSocketFrame(broken.closeStatus(), broken.getMessage()));
        context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        try {
            super.channelRead(context, message);
        } catch (CorruptedWebSocketFrameException invalidText) {
            exceptionCaught(context, invalidText);
        }
        // After a frame, not when the socket gets full: a client that is always behind could else never unsubscribe.
        if (!context.channel().isWritable()) {
            context.channel().config().setAutoRead(false);
        }
    }

    private static ProblemType problemType(WebSocketCloseStatus status) {
        if (status.equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
            return ProblemType.FRAME_TOO_LARGE;
        }
        return status.equals(WebSocketCloseStatus.INVALID_PAYLOAD_DATA)
                ? ProblemType.INVALID_UTF8
                : ProblemType.BROKEN_FRAME;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        if (context.channel().isWritable()) {
            context.channel().config().setAutoRead(true);
            outlet.onWritable();
        }
        super.channelWritabilityChanged(context);
    }
}
