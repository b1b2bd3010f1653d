package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Ledger;
import dev.heliograph.fixture.ListeningClient;
import dev.heliograph.fixture.ListeningClient.Plan;
import dev.heliograph.fixture.Telling;
import dev.heliograph.fixture.Told;
import dev.heliograph.fixture.Wire;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** One client over one wire, one gateway, and between them a network that fails. */
abstract class ScenarioOfOneClient {
    /** Short, so that it is trimmed soon. */
    static final int JOBS_HISTORY = 20;

    private static final Duration LIMIT = Duration.ofSeconds(20);

    static GatewayProcess gateway;
    static GatewayHttp backend;
    static FaultProxy network;

    final String id = UUID.randomUUID().toString();
    final Ledger ledger = new Ledger();
    ListeningClient client;

    abstract Wire wire();

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start(
                "-Xmx512m",
                "heliograph.namespaces.jobs.history-size=" + JOBS_HISTORY,
                "heliograph.namespaces.drivers.firehose-history-size=1000");
        backend = new GatewayHttp(gateway.httpUri());
        network = new FaultProxy("127.0.0.1", gateway.port());
    }

    @AfterAll
    static void endGateway() {
        network.close();
        gateway.close();
    }

    @AfterEach
    void endClient() {
        network.heal();
        if (client != null) {
            client.close();
        }
    }

    /** Through the network that fails, and waits until nothing can be missed any more. */
    final void listen(Plan plan) {
        listen(plan, network.port());
    }

    final void listen(Plan plan, int port) {
        client = ListeningClient.start(plan, wire(), port);
        await().atMost(LIMIT).until(client::isListening);
    }

    final void publish(String channel, String type, int count) {
        ledger.publish(backend, channel, type, count);
    }

    final void assertComplete(String channel) {
        new Telling(ledger, client, channel).assertComplete();
    }

    final void assertTrue(String channel) {
        new Telling(ledger, client, channel).assertTrue();
    }

    final Told.Gap onlyGap(String channel) {
        assertThat(client.gaps(channel)).hasSize(1);
        return client.gaps(channel).get(0);
    }
}
