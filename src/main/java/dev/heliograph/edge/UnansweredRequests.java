package dev.heliograph.edge;

import io.micrometer.core.instrument.Counter;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * The unanswered requests of one HTTP/1.x connection. Closes the connection of a client that sends too many ahead, because
 * Vert.x would queue them all and walk along the queue for each. An answer without room in the socket does not count as
 * one. When the connection ends, a partly read request ends as well. Is between the codec and Vert.x in the pipeline;
 * belongs to the connection's event loop.
 */
final class UnansweredRequests extends ChannelDuplexHandler {
    // docs/decisions.md: An HTTP/1.x connection has at most 100 unanswered requests
    /** More than clients usually send ahead. Requests that Vert.x itself refuses are answered in as many nested calls. */
    static final int MAX = 100;

    private final Counter hangups;
    /** Includes the first request of the connection, which is under way when this handler is added. */
    private int count = 1;
    /** How many of these were answered while the socket had no room. */
    private int untaken;

    private boolean hasEnded;
    private boolean isBeginning;
    /** Whether the newest request is only partly read, as the first one is at the beginning. */
    private boolean isPartial = true;
    /** Whether the newest request must be the last of the connection. */
    private boolean isLast;

    private boolean isBeyondLast;

    /** @param isLast whether the request under way must be the last of the connection */
    UnansweredRequests(Counter hangups, boolean isLast) {
        this.hangups = hangups;
        this.isLast = isLast;
    }

    /** Whether nobody waits for answers any more; the newest request may be cut off. */
    boolean hasEnded() {
        return hasEnded;
    }

    /**
     * Runs the step with which a request begins, unless another is beginning further up the stack.
     *
     * @return whether it ran. Vert.x begins a queued request within the call that answers the one before. With {@link #MAX}
     *     requests that are answered at once, the stack would overflow and the connection would hang
     */
    boolean begin(Runnable step) {
        if (isBeginning) {
            return false;
        }
        isBeginning = true;
        try {
            step.run();
        } finally {
            isBeginning = false;
        }
        return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        // Vert.x recognises requests by this class. Messages of one read of the socket come even after the end.
        if (!hasEnded && message instanceof DefaultHttpRequest request) {
            // RFC 9112, section 9.6. Vert.x would queue it nevertheless, and never begin it.
            isBeyondLast = isLast;
            if (!isBeyondLast) {
                read(context, request);
            }
        }
        if (hasEnded || isBeyondLast) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof LastHttpContent last && last.decoderResult().isSuccess()) {
            isPartial = false;
        }
        context.fireChannelRead(message);
    }

    private void read(ChannelHandlerContext context, DefaultHttpRequest request) {
        isPartial = true;
        isLast = framing(request).endsConnection();
        if (++count > MAX) {
            hangUp(context);
        }
    }

    private static HttpFraming framing(HttpRequest request) {
        return new HttpFraming(
                request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0,
                request.headers().getAll(HttpHeaderNames.CONNECTION),
                request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        end(context);
        context.fireExceptionCaught(failure);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(context);
        context.fireChannelInactive();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response
                && answersLast()
                && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            addClose(response.headers());
        }
        if (!(message instanceof LastHttpContent)) {
            context.write(message, promise);
            return;
        }
        HttpResponseStatus status = message instanceof HttpResponse response ? response.status() : null;
        boolean isFinal = status == null || status.codeClass() != HttpStatusClass.INFORMATIONAL;
        boolean endsConnection = isFinal && answersLast();
        if (isFinal) {
            countAnswer(context);
        }
        // Vert.x does not read lists of options. It closes by itself if the option stands alone.
        context.write(message, endsConnection ? promise.unvoid().addListener(ChannelFutureListener.CLOSE) : promise);
        if (HttpResponseStatus.SWITCHING_PROTOCOLS.equals(status)) {
            // No more requests come.
            context.pipeline().remove(this);
        }
    }

    private static void addClose(HttpHeaders headers) {
        if (!headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
            String options = headers.get(HttpHeaderNames.CONNECTION);
            headers.set(
                    HttpHeaderNames.CONNECTION,
                    options == null ? HttpHeaderValues.CLOSE : options + ", " + HttpHeaderValues.CLOSE);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            count -= untaken;
            untaken = 0;
        }
        context.fireChannelWritabilityChanged();
    }

    /** Whether the answer being written belongs to the last request of the connection. */
    private boolean answersLast() {
        return isLast && count - untaken == 1;
    }

    private void countAnswer(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            count--;
        } else {
            untaken++;
        }
    }

    /**
     * Ends the body of a request that Vert.x has queued. Otherwise Vert.x tells only that request of the end of the
     * connection; this fails, because the request has not begun, and the other requests hear nothing.
     */
    private void end(ChannelHandlerContext context) {
        boolean isQueued = count - untaken > 1;
        if (!hasEnded && isPartial && isQueued) {
            hasEnded = true;
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        hasEnded = true;
    }

    /** Sends the answers as far as the socket takes them, so that a client can repeat the rest and go on. */
    private void hangUp(ChannelHandlerContext context) {
        hasEnded = true;
        hangups.increment();
        context.flush();
        context.close();
    }
}
