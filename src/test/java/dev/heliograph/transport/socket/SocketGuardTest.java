package dev.heliograph.transport.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.hub.SocketOutlet;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketGuardTest {
    private static final int BEYOND_HIGH_WATER = 128 * 1024;

    private final EmbeddedChannel socket = new EmbeddedChannel();
    private final SocketOutlet outlet = new SocketOutlet(socket, null);
    private final SocketGuard guard = new SocketGuard(outlet, null, BEYOND_HIGH_WATER);

    SocketGuardTest() {
        // Text in one frame does not reach the peer.
        socket.pipeline().addLast(guard);
    }

    @AfterEach
    void close() {
        socket.finishAndReleaseAll();
    }

    @Test
    void aClientIsReadAsLongAsItTakesItsAnswers() {
        ask();

        assertThat(socket.config().isAutoRead()).isTrue();
    }

    @Test
    void aClientThatIsBehindMayStillAskOnce() {
        fillSocket();
        assertThat(socket.config().isAutoRead()).isTrue();

        ask();

        assertThat(socket.config().isAutoRead()).isFalse();
    }

    @Test
    void aClientThatTakesMoreIsReadAgainAndServed() {
        var isServed = new AtomicBoolean();
        fillSocket();
        ask();
        outlet.whenWritable(() -> isServed.set(true));

        socket.flush();

        assertThat(socket.config().isAutoRead()).isTrue();
        assertThat(isServed).isTrue();
    }

    @Test
    void clientToWhichGatewayIsDeafIsServedAndNotRead() {
        var isServed = new AtomicBoolean();
        fillSocket();
        ask();
        guard.deafen(true);
        outlet.whenWritable(() -> isServed.set(true));

        socket.flush();

        assertThat(socket.config().isAutoRead()).isFalse();
        assertThat(isServed).isTrue();
    }

    private void fillSocket() {
        socket.write(Unpooled.wrappedBuffer(new byte[BEYOND_HIGH_WATER]));
        assertThat(socket.isWritable()).isFalse();
    }

    private void ask() {
        socket.writeInbound(new TextWebSocketFrame("{}"));
    }
}
