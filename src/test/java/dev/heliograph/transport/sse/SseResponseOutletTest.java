package dev.heliograph.transport.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A response over HTTP/2 gets the same buffers as sockets that listen beside it. */
class SseResponseOutletTest {
    private final List<Buffer> sent = new ArrayList<>();

    @Test
    void releasesBuffersOfThePool() {
        ByteBuf event = PooledByteBufAllocator.DEFAULT.directBuffer();
        event.writeCharSequence("id: a-1\n\n", UTF_8);

        new SseResponseOutlet(response(), null, SseChannelFormat.RAW).write(event);

        assertThat(event.refCnt()).isZero();
        assertThat(sent).extracting(Buffer::toString).containsExactly("id: a-1\n\n");
    }

    private HttpServerResponse response() {
        return (HttpServerResponse) Proxy.newProxyInstance(
                HttpServerResponse.class.getClassLoader(),
                new Class<?>[] {HttpServerResponse.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "ended", "closed" -> false;
                    case "write" -> {
                        sent.add((Buffer) arguments[0]);
                        yield Future.succeededFuture();
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
