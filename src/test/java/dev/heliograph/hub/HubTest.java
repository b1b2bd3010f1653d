package dev.heliograph.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.log.DocumentChange;
import dev.heliograph.log.DocumentLog.Expected;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a subscription gets: where it starts, what follows, and what it is told of gaps. */
class HubTest extends RunningHub {
    @Test
    void eventIsEncodedOnceForAllClients() throws Exception {
        for (int i = 0; i < 50; i++) {
            connect(format).read().subscribe(hub, Events.ORDER, Set.of(), null).get();
        }

        publish(Events.ORDER, 0, 20);

        await().untilAsserted(() -> assertThat(clients)
                .allSatisfy(client -> assertThat(client.positions()).hasSize(20)));
        assertThat(format.encoded).hasValue(20);
        assertThat(metrics.get("heliograph_hub_deliveries").functionCounter().count())
                .isEqualTo(50 * 20);
        assertThat(metrics.get("heliograph_hub_subscriptions").gauge().value()).isEqualTo(50);
        await().untilAsserted(() -> assertThat(
                        metrics.get("heliograph_hub_lag").timer().count())
                .as("one sample for each turn of a lane, whatever the number of clients")
                .isBetween(1L, 2 * 20L)
                .isEqualTo(metrics.get("heliograph_hub_turn").timer().count()));
    }

    @Test
    void probesCountNowhere() throws Exception {
        TestClient client = connect(format).read();

        client.subscribe(hub, Catalogue.PROBES, Set.of(), null).get();
        publish(Catalogue.PROBES, 0, 3);

        awaitOffsets(client, 1, 3);
        assertThat(hub.followedChannels()).isZero();
        assertThat(metrics.get("heliograph_hub_channels").gauge().value()).isZero();
        assertThat(metrics.get("heliograph_hub_subscriptions").gauge().value()).isZero();
        assertThat(metrics.get("heliograph_hub_deliveries").functionCounter().count())
                .isZero();
    }

    @Test
    void newSubscriptionGetsItsPositionAndLaterEntries() throws Exception {
        publish(Events.ORDER, 0, 3);
        TestClient client = connect(format).read();

        Position start = client.subscribe(hub, Events.ORDER, Set.of(), null).get();
        publish(Events.ORDER, 3, 2);

        awaitOffsets(client, 4, 5);
        assertThat(start.offset()).isEqualTo(3);
        assertThat(client.lines.peek()).isEqualTo("sync " + start + " recovered");
    }

    @Test
    void cursorGetsMissedEntriesAndNoneTwice() throws Exception {
        publish(Events.ORDER, 0, 100);
        Position top = top(Events.ORDER);
        TestClient client = connect(format).read();

        client.subscribe(hub, Events.ORDER, Set.of(), top.at(40)).get();
        publish(Events.ORDER, 100, 10);

        awaitOffsets(client, 41, 110);
        assertThat(client.syncs()).containsExactly("sync " + top.at(40) + " recovered");
    }

    @Test
    void trimmedEntriesAreAGap() throws Exception {
        publish(Events.ORDER, 0, HISTORY + 10);
        Position top = top(Events.ORDER);
        TestClient client = connect(format).read();

        client.subscribe(hub, Events.ORDER, Set.of(), top.at(3)).get();

        awaitOffsets(client, 11, HISTORY + 10);
        assertThat(client.syncs())
                .containsExactly("sync " + top.at(10) + " gap " + top.at(3) + " " + top.at(10) + " trimmed");
    }

    @Test
    void cursorOfAnotherEpochYieldsGapAndHeldEntries() throws Exception {
        publish(Events.ORDER, 0, 2);
        Position top = top(Events.ORDER);
        TestClient client = connect(format).read();

        client.subscribe(hub, Events.ORDER, Set.of(), new Position("gone", 1)).get();

        awaitOffsets(client, 1, 2);
        assertThat(client.syncs()).containsExactly("sync " + top.at(0) + " gap gone-1 " + top.at(0) + " epoch-changed");
    }

    @Test
    void aCursorFromTheFutureIsAGap() throws Exception {
        publish(Events.ORDER, 0, 2);
        Position top = top(Events.ORDER);
        TestClient client = connect(format).read();

        client.subscribe(hub, Events.ORDER, Set.of(), top.at(7)).get();
        publish(Events.ORDER, 2, 1);

        awaitOffsets(client, 3, 3);
        assertThat(client.syncs()).containsExactly("sync " + top + " gap " + top.at(7) + " " + top + " ahead");
    }

    @Test
    void typeFilterPassesDocumentChangesToTheirSubscriber() throws Exception {
        var changes = new Filter(Set.of("it.ended"), Set.of(Kind.EVENTS, Kind.DOCUMENTS));
        TestClient live = connect(format).read();
        TestClient later = connect(format).read();
        TestClient other = connect(format).read();
        Position start = live.subscribe(hub, Events.ORDER, changes, null).get();
        other.subscribe(hub, Events.ORDER, Set.of("it.ended"), null).get();

        publish(Events.ORDER, 0, 1);
        var change = new DocumentChange("d", Events.ORDER, "it.happened", Instant.EPOCH, "{}".getBytes(UTF_8));
        log.change(change, Expected.NOTHING, null).await().indefinitely();
        log.append(Events.event(Events.ORDER, "it.ended", 9, "{}"), null)
                .await()
                .indefinitely();
        later.subscribe(hub, Events.ORDER, changes, start).get();

        awaitOffsets(live, 2, 3);
        awaitOffsets(later, 2, 3);
        awaitOffsets(other, 3, 3);
    }

    @Test
    void aTypeFilterLeavesOutOtherTypes() throws Exception {
        TestClient some = connect(format).read();
        TestClient all = connect(format).read();
        some.subscribe(hub, Events.ORDER, Set.of("it.ended"), null).get();
        all.subscribe(hub, Events.ORDER, Set.of(), null).get();

        publish(Events.ORDER, 0, 3);
        log.append(Events.event(Events.ORDER, "it.ended", 9, "{}"), null)
                .await()
                .indefinitely();

        awaitOffsets(all, 1, 4);
        awaitOffsets(some, 4, 4);
    }

    @Test
    void theFirehoseHasItsOwnOffsets() throws Exception {
        TestClient client = connect(format).read();
        client.subscribe(hub, Events.ORDER.firehose(), Set.of(), null).get();

        publish(Events.ORDER, 0, 2);
        publish(new Channel("orders-2"), 0, 2);

        awaitOffsets(client, 1, 4);
    }

    @Test
    void failingClientDoesNotHarmOtherReadersOfItsPage() throws Exception {
        var broken = new TestFormat() {
            @Override
            public byte[] event(Entry entry) {
                throw new IllegalStateException("cannot show it");
            }
        };
        publish(Events.ORDER, 0, 3);
        Position start = top(Events.ORDER).at(0);
        TestClient first = connect(broken);
        TestClient second = connect(format);
        while (second.outlet().loop() != first.outlet().loop()) {
            second = connect(format);
        }
        TestClient sharer = second.read();

        first.outlet()
                .loop()
                .submit(() -> {
                    first.subscribe(hub, Events.ORDER, Set.of(), start);
                    sharer.subscribe(hub, Events.ORDER, Set.of(), start);
                })
                .get();

        awaitOffsets(sharer, 1, 3);
        await().untilTrue(first.hasFailed);
        assertThat(sharer.hasFailed).isFalse();
        await().untilAsserted(() -> assertThat(
                        metrics.get("heliograph_hub_subscriptions").gauge().value())
                .isEqualTo(1));
    }
}
