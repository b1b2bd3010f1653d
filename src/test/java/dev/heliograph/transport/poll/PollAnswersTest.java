package dev.heliograph.transport.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.Kind;
import dev.heliograph.session.Selection;
import dev.heliograph.transport.poll.PollAnswers.Answered;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PollAnswersTest {
    private static final Selection ORDER =
            new Selection(List.of(new Channel("orders-1")), Set.of(), Set.of(Kind.EVENTS));

    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final EventLoop loop = loops.next();
    private final AtomicInteger encoded = new AtomicInteger();
    private final PollAnswers answers = new PollAnswers();

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void pollsThatWaitedOnTheSamePositionShareOneEncodedAnswer() throws Exception {
        List<byte[]> bodies = loop.submit(() -> List.of(
                        share(new Answered(ORDER, "a-1", "a-2", 10)),
                        share(new Answered(ORDER, "a-1", "a-2", 10)),
                        share(new Answered(ORDER, "a-0", "a-2", 20))))
                .get();

        assertThat(encoded).hasValue(2);
        assertThat(bodies.get(0)).isSameAs(bodies.get(1));
        assertThat(bodies.get(0)).isNotSameAs(bodies.get(2));
    }

    @Test
    void nothingIsKeptBeyondTheTurn() throws Exception {
        loop.submit(() -> share(new Answered(ORDER, "a-1", "a-2", 10))).get();

        loop.submit(() -> share(new Answered(ORDER, "a-1", "a-2", 10))).get();

        assertThat(encoded).hasValue(2);
    }

    private byte[] share(Answered answered) {
        return answers.share(loop, answered, () -> new byte[] {(byte) encoded.incrementAndGet()});
    }
}
