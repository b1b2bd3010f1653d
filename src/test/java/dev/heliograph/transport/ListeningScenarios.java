package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.FaultProxy.Direction;
import dev.heliograph.fixture.ListeningClient.Plan;
import dev.heliograph.fixture.Told;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for a client over every wire: one gateway, and a network that fails. */
abstract class ListeningScenarios extends ScenarioOfOneClient {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Much more than all that comes before it on a new connection. */
    private static final int CUT_EVENT_BYTES = 8 * 1024;

    private static final int SLOW_BATCHES = 64;
    private static final int SLOW_EVENT_BYTES = 10 * 1024;

    @Test
    void eventsComeInOrderFromNowOn() {
        String channel = "orders-" + id;
        ledger.publish(backend, channel, "order.created", 3);
        listen(Plan.of(channel));

        publish(channel, "order.updated", 30);

        assertComplete(channel);
        assertThat(client.events(channel)).hasSize(30).noneMatch(event -> event.type()
                .equals("order.created"));
        assertThat(client.connections()).isEqualTo(1);
    }

    @Test
    void eventsAfterTheCursorComeFirst() {
        String channel = "orders-" + id;
        ledger.publish(backend, channel, "order.created", 10);
        Told.Event fourth = ledger.accepted(channel).get(3);

        listen(Plan.of(channel).from(channel, fourth.position().cursor()));
        publish(channel, "order.updated", 10);

        assertComplete(channel);
        assertThat(client.events(channel)).hasSize(16);
    }

    @Test
    void clientThatWasCutOffResumes() {
        String channel = "orders-" + id;
        listen(Plan.of(channel));

        for (int i = 0; i < 5; i++) {
            publish(channel, "order.updated", 7);
            network.closeConnections();
            publish(channel, "order.updated", 7);
        }

        assertComplete(channel);
        assertThat(client.connections()).isGreaterThan(1);
    }

    @Test
    void clientThatWasAwayForLongResumes() {
        String channel = "orders-" + id;
        listen(Plan.of(channel));
        network.cut();

        publish(channel, "order.updated", 100);
        publish(channel, "order.updated", 100);
        network.heal();

        assertComplete(channel);
    }

    @Test
    void gapIsToldWhenTheHistoryIsTrimmed() {
        String channel = "jobs-" + id;
        listen(Plan.of(channel));
        publish(channel, "job.created", 1);
        assertComplete(channel);
        network.cut();

        publish(channel, "job.updated", 3 * JOBS_HISTORY);
        network.heal();

        assertTrue(channel);
        Told.Gap gap = onlyGap(channel);
        assertThat(gap.reason()).isEqualTo("trimmed");
        assertThat(gap.from()).isEqualTo(ledger.accepted(channel).get(0).position());
        assertThat(client.events(channel)).hasSize(1 + JOBS_HISTORY);
    }

    @Test
    void gapIsToldToACursorOfAnotherEpoch() {
        String channel = "orders-" + id;
        ledger.publish(backend, channel, "order.created", 5);

        listen(Plan.of(channel).from(channel, "gone-3"));
        publish(channel, "order.updated", 5);

        assertTrue(channel);
        assertThat(onlyGap(channel).reason()).isEqualTo("epoch-changed");
        assertThat(client.events(channel)).isEqualTo(ledger.accepted(channel));
    }

    @Test
    void gapIsToldToACursorFromTheFuture() {
        String channel = "orders-" + id;
        ledger.publish(backend, channel, "order.created", 5);
        Told.Event last = ledger.accepted(channel).get(4);

        listen(Plan.of(channel).from(channel, last.position().at(105).cursor()));
        publish(channel, "order.updated", 5);

        assertTrue(channel);
        assertThat(onlyGap(channel).reason()).isEqualTo("ahead");
        assertThat(client.events(channel)).hasSize(5);
    }

    @Test
    void onlyEventsOfTheWantedTypesCome() {
        String channel = "orders-" + id;
        listen(Plan.of(channel).only("order.updated", "order.cancelled"));

        for (int i = 0; i < 4; i++) {
            publish(channel, "order.updated", 2);
            publish(channel, "order.assigned", 20);
            network.closeConnections();
            publish(channel, "order.cancelled", 1);
            publish(channel, "order.created", 1);
        }
        publish(channel, "order.cancelled", 1);

        assertComplete(channel);
        assertThat(client.events(channel)).hasSize(13);
    }

    @Test
    void firehoseBringsTheEventsOfEveryChannel() {
        listen(Plan.of("customers.*"));

        for (int i = 0; i < 5; i++) {
            publish("customers-a" + id, "customer.created", 3);
            publish("customers-b" + id, "customer.updated", 3);
            network.closeConnections();
            publish("customers", "customer.deleted", 3);
        }

        assertComplete("customers.*");
    }

    @Test
    void oneConnectionListensToSeveralChannels() {
        List<String> channels = List.of("orders-a" + id, "jobs-b" + id, "finance-c" + id);
        listen(Plan.of(channels.get(0), channels.get(1), channels.get(2), "finance.*"));

        for (int i = 0; i < 5; i++) {
            publish(channels.get(0), "order.updated", 4);
            publish(channels.get(2), "refund.issued", 4);
            publish(channels.get(1), "job.updated", 4);
            network.closeConnections();
            publish(channels.get(2), "payment.failed", 4);
        }

        channels.forEach(this::assertComplete);
        assertComplete("finance.*");
    }

    @Test
    void slowClientGetsTrimmedGapWhenItReadsOn() {
        String channel = "drivers-" + id;
        listen(Plan.of(channel), gateway.port());
        client.stopReading();

        for (int i = 0; i < SLOW_BATCHES; i++) {
            ledger.publish(backend, channel, "driver.location", 100, SLOW_EVENT_BYTES);
        }
        client.readAgain();

        assertTrue(channel);
        assertThat(client.gaps(channel)).isNotEmpty().allMatch(gap -> gap.reason()
                .equals("trimmed"));
    }

    @Test
    void nothingIsLostInANetworkThatStalls() {
        String channel = "orders-" + id;
        listen(Plan.of(channel));

        network.stall(Direction.TO_SERVER);
        int before = client.events(channel).size();
        publish(channel, "order.updated", 20);
        await().atMost(LIMIT).until(() -> client.events(channel).size() > before);
        network.heal();
        publish(channel, "order.updated", 20);
        assertComplete(channel);

        network.stall(Direction.TO_CLIENT);
        publish(channel, "order.updated", 20);
        await().atMost(LIMIT).until(() -> network.isHoldingBack(Direction.TO_CLIENT));
        network.heal();
        publish(channel, "order.updated", 20);

        assertComplete(channel);
    }

    @Test
    void eventThatIsCutInTheMiddleComesAgain() {
        String channel = "orders-" + id;
        listen(Plan.of(channel));

        for (int i = 0; i < 5; i++) {
            int told = i;
            network.letPass(CUT_EVENT_BYTES / 2, Direction.TO_CLIENT);
            ledger.publish(backend, channel, "order.updated", 1, CUT_EVENT_BYTES);
            await().atMost(LIMIT).until(() -> network.isHoldingBack(Direction.TO_CLIENT));
            assertThat(client.events(channel)).hasSize(told);

            network.closeConnections();
            network.heal();

            await().atMost(LIMIT).until(() -> client.events(channel).size() == told + 1);
        }

        assertComplete(channel);
    }
}
