package dev.heliograph.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.log.Entry;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several clients of one event loop that read the same page of the log. */
class SharedReadTest {
    private static final Position BEFORE = new Position("a", 5);
    private static final Position NEWEST = new Position("a", 6);

    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    private final HandAnsweredLog log = new HandAnsweredLog();
    private final TestFormat format = new TestFormat();
    private final Hub hub = new Hub(
            Events.catalogue(100),
            log,
            log,
            Events.config(Duration.ofMinutes(1), Duration.ofSeconds(1)),
            new SimpleMeterRegistry());
    private final TestClient.Server server = new TestClient.Server(loops);
    private final TestClient first = server.connect(format).read();
    private final TestClient second = server.connect(format).read();

    SharedReadTest() throws Exception {}

    @AfterEach
    void stop() {
        first.close();
        second.close();
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** As a page does that subscribes, leaves and subscribes again while the log is slow. */
    @Test
    void outlivesTheReaderThatBeganItWithoutALoss() throws Exception {
        Subscription leaving = hub.subscription(Events.ORDER, new Filter(Set.of(), Set.of(Kind.EVENTS)), first);
        onLoop(() -> leaving.start(null).subscribe().with(started -> {}, ended -> {}));
        HandAnsweredLog.Read read = log.nextRead();
        log.announce(
                new Entry(Events.ORDER, NEWEST, Events.event(Events.ORDER, 6).payload()));
        onLoop(() -> {});
        onLoop(leaving::end);
        var started = second.subscribe(hub, Events.ORDER, Set.of(), null);
        onLoop(() -> {});

        read.answer(History.of(BEFORE, BEFORE, 1, List.of()));

        assertThat(started.get()).isEqualTo(BEFORE);
        await().untilAsserted(() -> assertThat(second.positions()).containsExactly(NEWEST));
    }

    @Test
    void isEncodedOnceForAllItsReaders() throws Exception {
        first.subscribe(hub, Events.ORDER, Set.of(), BEFORE);
        second.subscribe(hub, Events.ORDER, Set.of(), BEFORE);
        onLoop(() -> {});
        var entry =
                new Entry(Events.ORDER, NEWEST, Events.event(Events.ORDER, 6).payload());

        log.nextRead().answer(History.of(BEFORE, NEWEST, 1, List.of(entry)));

        await().untilAsserted(() -> {
            assertThat(first.positions()).containsExactly(NEWEST);
            assertThat(second.positions()).containsExactly(NEWEST);
        });
        assertThat(format.encoded).hasValue(1);
    }

    private void onLoop(Runnable step) throws Exception {
        first.outlet().loop().submit(step).get();
    }
}
