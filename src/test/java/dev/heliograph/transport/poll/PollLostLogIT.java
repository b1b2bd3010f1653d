package dev.heliograph.transport.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.RedisServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Without the log nobody is told that nothing is new. */
@Timeout(180)
class PollLostLogIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static RedisServer redis;
    private static FaultProxy network;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() {
        redis = RedisServer.startProcess(false);
        network = new FaultProxy(redis.host(), redis.port());
        gateway = GatewayProcess.start("quarkus.redis.hosts=redis://" + network.host() + ":" + network.port());
    }

    @AfterEach
    void heal() {
        network.heal();
    }

    @AfterAll
    static void end() {
        gateway.close();
        network.close();
        redis.close();
    }

    @Test
    void pollFailsAsTimeoutIfLogStaysSilentDuringWait() throws IOException {
        network.cut();

        Polled polled = poll("channel=orders-never&cursor=abc-7&wait=2");

        assertThat(polled.status()).isEqualTo(504);
        assertThat(polled.body().path("type").textValue()).isEqualTo("urn:heliograph:problem:log-timeout");
    }

    @Test
    void knownTopCountsOnlyWhileFeedIsConnected() throws IOException {
        String cursor = await().atMost(LIMIT)
                .until(
                        () -> {
                            Polled first = poll("channel=orders-known");
                            return first.status() == 200
                                    ? first.body().path("cursor").textValue()
                                    : null;
                        },
                        found -> found != null);
        String query = "channel=orders-known&cursor=" + cursor;
        try (var connection = HttpConnection.open(gateway.port())) {
            assertThat(Polled.ask(connection, query).status()).isEqualTo(304);

            network.cut();

            await().atMost(LIMIT).until(() -> Polled.ask(connection, query).status() >= 500);
            network.heal();
            await().atMost(LIMIT).until(() -> Polled.ask(connection, query).status() == 304);
        }
    }

    private static Polled poll(String query) throws IOException {
        try (var connection = HttpConnection.open(gateway.port())) {
            return Polled.ask(connection, query);
        }
    }
}
