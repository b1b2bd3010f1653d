package dev.heliograph.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.log.Entry;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several clients of one event loop that read the same page of the log. */
class SharedReadTest extends HubOnHandAnsweredLog {
    private static final Position BEFORE = new Position("a", 5);
    private static final Position NEWEST = new Position("a", 6);

    private final TestClient first = connect(format).read();
    private final TestClient second = connect(format).read();

    SharedReadTest() throws Exception {}

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
