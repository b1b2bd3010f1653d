package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayProcess;
import org.junit.jupiter.api.Test;

/** What a gateway says of its limits when it starts. */
class SelfCheckIT {
    private static final String TOLD =
            "The limits of this node: open files [0-9]+, heap [0-9]+ MiB, processors [0-9]+, event loops [0-9]+,"
                    + " connections at most [0-9]+";
    private static final String SMALL_LOG = "heliograph.memory.max-bytes=8M";

    @Test
    void tellsItsLimitsAndWarnsOfNothingByDefault() {
        try (var gateway = GatewayProcess.start("-Xmx256m", SMALL_LOG)) {
            assertThat(gateway.output()).containsPattern(TOLD).doesNotContain("WARN");
        }
    }

    @Test
    void warnsOfEachLimitThatIsTooLowForTheConfiguration() {
        try (var gateway = GatewayProcess.start(
                "-Xmx256m",
                "heliograph.access.limits.max-connections=2000000000",
                "heliograph.memory.max-bytes=256M",
                "quarkus.vertx.event-loops-pool-size=1")) {
            assertThat(gateway.output())
                    .containsPattern("WARN .*This process may open [0-9]+ files, expected 2000000512 or more")
                    .containsPattern("WARN .*The heap may have [0-9]+ MiB, expected [0-9]+ MiB or more")
                    .containsPattern(TOLD);
        }
    }
}
