package dev.heliograph.transport.socket;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.hub.FrameOutlet;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Stands between the frame decoder and Vert.x: refuses text that is not UTF-8 (RFC 6455, section 8.1; Vert.x would replace
 * the bytes in silence), says why when frames break the protocol or messages are too long, counts frames that Vert.x does
 * not pass on, tells the outlet when the socket takes more, and until then reads nothing of a client that asks for more than
 * it takes.
 */
final class SocketGuard extends Utf8FrameValidator {
    /** Closing at once, with bytes of the client unread, would reset the connection and lose the closing frame. */
    private static final int LINGER_MILLIS = 1000;

    private static final int LAST_CLOSE_CODE = 4999;
    private static final int CLOSE_CODE_BYTES = 2;

    private final FrameOutlet outlet;
    private final SocketPeer peer;
    private final int maxMessageBytes;
    private long messageBytes;
    private boolean isRefused;
    /** Whether the client was told why, and sent a closing frame. */
    private boolean isTold;
    /** Whether the client closed before that. */
    private boolean hasClosed;
    /** Whether nothing is read of the client, even if it takes what it is sent. */
    private boolean isDeaf;

    /** @param maxMessageBytes how long a message may be, over all its frames */
    SocketGuard(FrameOutlet outlet, SocketPeer peer, int maxMessageBytes) {
        super(false);
        this.outlet = outlet;
        this.peer = peer;
        this.maxMessageBytes = maxMessageBytes;
    }

    boolean isDeaf() {
        return isDeaf;
    }

    void deafen(boolean toDeaf) {
        isDeaf = toDeaf;
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
        // In a turn of its own: the requests before it wait for theirs, and are to be answered.
        context.executor().execute(() -> refuse(context, broken));
    }

    private void refuse(ChannelHandlerContext context, CorruptedWebSocketFrameException broken) {
        peer.send(Problem.of(problemType(broken.closeStatus()), broken.getMessage()));
        outlet.close();
        isTold = true;
        ChannelFuture sent = context.writeAndFlush(new CloseWebSocketFrame(broken.closeStatus(), broken.getMessage()));
        if (hasClosed) {
            // From here, not from the tail: Vert.x would add a closing frame of its own.
            sent.addListener(done -> context.close());
            return;
        }
        context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (isRefused) {
            ReferenceCountUtil.release(message);
            if (message instanceof CloseWebSocketFrame) {
                // Vert.x knows nothing of ours, and would answer once more.
                hasClosed = true;
                if (isTold) {
                    context.close();
                }
            }
            return;
        }
        if (message instanceof PingWebSocketFrame ping
                && !peer.countFrame(ping.content().readableBytes())) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            if (message instanceof CloseWebSocketFrame closing) {
                require(closing);
            } else if (message instanceof WebSocketFrame frame) {
                count(frame);
            }
            super.channelRead(context, message);
        } catch (CorruptedWebSocketFrameException refused) {
            exceptionCaught(context, refused);
        }
        // After a frame, not when the socket gets full: a client that is always behind could else never unsubscribe.
        // docs/decisions.md: The gateway stops reading from a client that does not read
        if (!context.channel().isWritable()) {
            context.channel().config().setAutoRead(false);
        }
    }

    /** Vert.x would drop a message of too many frames without an answer. */
    private void count(WebSocketFrame frame) {
        if (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame) {
            messageBytes = frame.content().readableBytes();
        } else if (frame instanceof ContinuationWebSocketFrame) {
            messageBytes += frame.content().readableBytes();
            // Passed on whatever the answer: without it the message would be another. Its bytes count with the message.
            peer.countFrame(0);
        }
        if (messageBytes > maxMessageBytes) {
            frame.release();
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.MESSAGE_TOO_BIG,
                    "A message is longer than " + maxMessageBytes + " bytes over all its frames");
        }
    }

    /** The decoder takes codes that nobody may use (RFC 6455, section 7.4.2), and reasons that end within a character. */
    private static void require(CloseWebSocketFrame closing) {
        ByteBuf content = closing.content();
        int code = closing.statusCode();
        if (code > LAST_CLOSE_CODE) {
            closing.release();
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.PROTOCOL_ERROR,
                    "A closing frame has the code " + code + ", expected at most " + LAST_CLOSE_CODE);
        }
        int reason = content.readableBytes() - CLOSE_CODE_BYTES;
        if (reason > 0 && !ByteBufUtil.isText(content, content.readerIndex() + CLOSE_CODE_BYTES, reason, UTF_8)) {
            closing.release();
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "The reason in a closing frame is not UTF-8");
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
            if (!isDeaf) {
                context.channel().config().setAutoRead(true);
            }
            outlet.onWritable();
        }
        super.channelWritabilityChanged(context);
    }
}
