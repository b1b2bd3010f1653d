package dev.heliograph.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnansweredRequestsTest {
    private static final int BEYOND_HIGH_WATER = 128 * 1024;
    private static final int QUEUED = UnansweredRequests.MAX - 1;

    private final Counter hangups = new SimpleMeterRegistry().counter("hangups");
    private final UnansweredRequests requests = new UnansweredRequests(hangups, false);
    private final EmbeddedChannel socket = new EmbeddedChannel(requests);

    @AfterEach
    void close() {
        socket.finishAndReleaseAll();
    }

    @Test
    void asManyAsMayWaitArePassedOn() {
        ask(QUEUED);

        assertThat(passed()).isEqualTo(QUEUED);
        assertThat(socket.isOpen()).isTrue();
        assertThat(hangups.count()).isZero();
    }

    @Test
    void closesConnectionAfterOneRequestTooMany() {
        ask(QUEUED + 100);

        assertThat(passed()).isEqualTo(QUEUED);
        assertThat(socket.isOpen()).isFalse();
        assertThat(hangups.count()).isEqualTo(1);
    }

    @Test
    void sendsAnswersBeforeItCloses() {
        socket.write(response(HttpResponseStatus.OK));

        ask(QUEUED + 2);

        assertThat(socket.isOpen()).isFalse();
        assertThat(socket.outboundMessages()).hasSize(1);
    }

    @Test
    void answeredRequestNoLongerCounts() {
        for (int i = 0; i < 3 * UnansweredRequests.MAX; i++) {
            socket.writeOneOutbound(i % 2 == 0 ? response(HttpResponseStatus.OK) : LastHttpContent.EMPTY_LAST_CONTENT);
            socket.flushOutbound();
            ask(1);
        }

        assertThat(socket.isOpen()).isTrue();
    }

    @Test
    void anInterimAnswerIsNone() {
        ask(QUEUED);
        socket.writeOutbound(response(HttpResponseStatus.CONTINUE));

        ask(1);

        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void anAnswerThatTheSocketHasNoRoomForCountsWhenItHas() {
        ask(QUEUED);
        socket.write(Unpooled.wrappedBuffer(new byte[BEYOND_HIGH_WATER]));
        socket.write(response(HttpResponseStatus.OK));
        socket.write(response(HttpResponseStatus.OK));
        socket.flush();

        ask(2);
        assertThat(socket.isOpen()).isTrue();

        socket.write(Unpooled.wrappedBuffer(new byte[BEYOND_HIGH_WATER]));
        socket.write(response(HttpResponseStatus.OK));
        ask(1);
        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void aWebSocketIsLeftAlone() {
        socket.writeOutbound(response(HttpResponseStatus.SWITCHING_PROTOCOLS));

        assertThat(socket.pipeline().get(UnansweredRequests.class)).isNull();
    }

    @Test
    void dropsMessagesAfterLastRequest() {
        var last = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        last.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        socket.writeInbound(last, LastHttpContent.EMPTY_LAST_CONTENT);

        ask(1);
        var content = new DefaultHttpContent(Unpooled.buffer(1).writeByte('x'));
        socket.writeInbound(content);

        assertThat(socket.inboundMessages()).containsExactly(last, LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(content.refCnt()).isZero();
        assertThat(socket.isOpen()).isTrue();
    }

    @Test
    void endsQueuedRequestBeforeConnection() {
        ask(1);
        socket.close();

        assertThat(socket.<Object>readInbound()).isInstanceOf(HttpRequest.class);
        assertThat(socket.<Object>readInbound()).isSameAs(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(requests.hasEnded()).isTrue();
    }

    @Test
    void endsBrokenQueuedRequestBeforeConnectionFails() {
        ask(1);
        var broken = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        broken.setDecoderResult(DecoderResult.failure(new IllegalArgumentException()));
        socket.writeOneInbound(broken);
        var failure = new IllegalStateException("reset");
        assertThatThrownBy(() -> {
                    socket.pipeline().fireExceptionCaught(failure);
                    socket.checkException();
                })
                .isSameAs(failure);

        assertThat(socket.inboundMessages()).element(2).isSameAs(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(requests.hasEnded()).isTrue();
    }

    @Test
    void endsNoRequestThatIsWholeOrUnderWay() {
        ask(1);
        socket.writeOneInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        socket.close();
        assertThat(passed()).isEqualTo(2);

        var onlyFirst = new EmbeddedChannel(new UnansweredRequests(hangups, false));
        onlyFirst.close();
        assertThat(onlyFirst.inboundMessages()).isEmpty();
    }

    @Test
    void aRequestDoesNotBeginWithinTheBeginningOfAnother() {
        var begun = new ArrayList<String>();
        var nested = new ArrayList<Boolean>();

        boolean first = requests.begin(() -> {
            begun.add("first");
            nested.add(requests.begin(() -> begun.add("nested")));
        });
        boolean next = requests.begin(() -> begun.add("next"));

        assertThat(begun).containsExactly("first", "next");
        assertThat(nested).isEqualTo(List.of(false));
        assertThat(first && next).isTrue();
    }

    private void ask(int times) {
        for (int i = 0; i < times; i++) {
            socket.writeOneInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
        }
    }

    private int passed() {
        return socket.inboundMessages().size();
    }

    private static DefaultFullHttpResponse response(HttpResponseStatus status) {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
    }
}
