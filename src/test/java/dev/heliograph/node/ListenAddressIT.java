package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** A configuration that cannot be meant does not start, and says which key is at fault. */
class ListenAddressIT {
    @Test
    void refusesToListenOnNetworkWithoutAuthentication() {
        String said = GatewayProcess.startRefused("quarkus.http.host=0.0.0.0");

        assertThat(said).contains("quarkus.http.host is 0.0.0.0", "heliograph.access.anonymous=true");
    }

    @Test
    void gatewayListensOnTheNetworkWhereThatIsMeant() throws IOException {
        try (var gateway = GatewayProcess.start("quarkus.http.host=0.0.0.0", "heliograph.access.anonymous=true")) {
            assertThat(new GatewayHttp(gateway.httpUri()).publish("orders-1", "order.created", "{}"))
                    .endsWith("-1");
        }
    }

    @Test
    void shortSecretIsRefusedInOneLineWithoutIt() {
        String said = GatewayProcess.startRefused("heliograph.access.jwt.secret=tiger");

        assertThat(said)
                .contains("Failed to start: heliograph.access.jwt.secret is 5 bytes, expected 32 or more")
                .doesNotContain("tiger", "\tat ");
    }

    @Test
    void aCommandThatMayTakeLongerThanItsTryIsRefused() {
        String said =
                GatewayProcess.startRefused("quarkus.redis.hosts=redis://127.0.0.1:1", "heliograph.redis.timeout=10s");

        assertThat(said).contains("RedisGuard/read\".timeout.value is PT2.5S", "heliograph.redis.timeout", "PT10S");
    }

    @Test
    void aProbeThatComesTooLateIsRefused() {
        String said = GatewayProcess.startRefused(
                "quarkus.redis.hosts=redis://127.0.0.1:1", "heliograph.redis.probe-interval=14s");

        assertThat(said)
                .contains("heliograph.redis.probe-interval is PT14S", "quarkus.redis.tcp.idle-timeout", "PT30S");
    }

    @Test
    void aHeartbeatThatComesTooLateIsRefused() {
        String said = GatewayProcess.startRefused("heliograph.session.heartbeat-interval=2m");

        assertThat(said).contains("heliograph.session.heartbeat-interval is PT2M", "quarkus.http.idle-timeout");
    }

    @Test
    void valueOutOfItsRangeIsRefused() {
        String said = GatewayProcess.startRefused("heliograph.namespaces.orders.history-size=0");

        assertThat(said)
                .contains("Failed to start: heliograph.namespaces.orders.history-size is 0, expected 1 to 100000")
                .doesNotContain("\tat ");
    }

    @Test
    void portThatIsTakenIsNamedWithItsKey() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = "quarkus.http.port=" + taken.getLocalPort();

            String said = GatewayProcess.startRefused(port);

            assertThat(said)
                    .contains(
                            "Failed to start: quarkus.http.host is 127.0.0.1 and quarkus.http.port is "
                                    + taken.getLocalPort(),
                            "Address already in use",
                            "a port that is free")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void valueThatNoPartCouldWorkWithIsRefusedBeforeAnyTries() {
        String said = GatewayProcess.startRefused("heliograph.hub.page-entries=0");

        assertThat(said).contains("heliograph.hub.page-entries is 0, expected 1 to 1000");
    }
}
