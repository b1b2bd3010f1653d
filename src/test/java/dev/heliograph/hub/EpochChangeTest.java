package dev.heliograph.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.log.Entry;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The first entry of another epoch, as after a restart of Redis, announced while the log is read that has none yet. */
class EpochChangeTest extends HubOnHandAnsweredLog {
    private static final Position FORMER = new Position("former", 95);
    private static final Position FIRST = new Position("next", 96);

    private final TestClient client = connect(format).read();

    EpochChangeTest() throws Exception {}

    @Test
    void isReadAgainForEarlierListeners() throws Exception {
        CompletableFuture<Position> start = client.subscribe(hub, Events.ORDER, Set.of(), null);
        log.nextRead().answer(upTo(FORMER));
        start.get();
        log.doubt();
        HandAnsweredLog.Read healing = log.nextRead();

        announceFirst();
        healing.answer(upTo(FORMER));

        assertFirstIsReadAndTold();
    }

    @Test
    void isReadAgainForFirstListener() throws Exception {
        client.subscribe(hub, Events.ORDER, Set.of(), null);
        HandAnsweredLog.Read starting = log.nextRead();

        announceFirst();
        starting.answer(upTo(FORMER));

        assertFirstIsReadAndTold();
    }

    private void announceFirst() throws Exception {
        log.announce(entry());
        // The lane takes what is announced on its loop.
        client.outlet().loop().submit(() -> {}).get();
    }

    private void assertFirstIsReadAndTold() throws Exception {
        HandAnsweredLog.Read again = log.nextRead();
        assertThat(again.after()).isEqualTo(FORMER);
        again.answer(History.of(FORMER, FIRST.at(95), FIRST, 1, List.of(entry())));
        await().untilAsserted(() -> assertThat(client.positions()).containsExactly(FIRST));
    }

    private static Entry entry() {
        return new Entry(Events.ORDER, FIRST, Events.event(Events.ORDER, 96).payload());
    }

    private static History upTo(Position top) {
        return History.of(top, top, 1, List.of());
    }
}
