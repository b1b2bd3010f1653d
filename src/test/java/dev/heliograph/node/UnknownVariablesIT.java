package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayProcess;
import org.junit.jupiter.api.Test;

class UnknownVariablesIT {
    private static final String WARNING = "Environment variables that name no key, and so have no effect: ";

    @Test
    void warnsOfVariablesThatNameNoKey() {
        try (var gateway = GatewayProcess.start(
                "HELIOGRAPH_HUB_LINGR=1s",
                "HELIOGRAPH_NAMESPACES_ORDERS_HISTORI_SIZE=5",
                "HELIOGRAPH_HUB_LINGER=2s",
                "HELIOGRAPH_NAMESPACES_PARCELS_TYPES=parcel.sent",
                "HELIOGRAPH_NAMESPACES_PARCELS_HISTORY_SIZE=5",
                "HELIOGRAPH_ACCESS_LIMITS_PUBLISH_REQUESTS_PER_SECOND=5",
                "HELIOGRAPH_SERVICE_HOST=10.0.0.1",
                "HELIOGRAPH_PORT_8080_TCP_ADDR=10.0.0.1")) {
            assertThat(gateway.output())
                    .contains(WARNING
                            + "HELIOGRAPH_HUB_LINGR, HELIOGRAPH_NAMESPACES_ORDERS_HISTORI_SIZE; docs/operations.md");
        }
    }

    @Test
    void saysNothingIfAllVariablesAreKeys() {
        try (var gateway = GatewayProcess.start("HELIOGRAPH_HUB_LINGER=2s", "HELIOGRAPH_ACCESS_ANONYMOUS=true")) {
            assertThat(gateway.output()).doesNotContain("WARN");
        }
    }
}
