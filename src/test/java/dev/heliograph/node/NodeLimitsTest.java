package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeLimitsTest {
    private static final long MIB = 1 << 20;
    private static final int DEFAULT = 100_000;

    @Test
    void tellsHowManyConnectionsTheOpenFilesAllow() {
        var limits = new NodeLimits(20_000, 1024 * MIB, 2, 4, 20 * MIB, DEFAULT, false);

        assertThat(limits.told())
                .isEqualTo("open files 20000, heap 1024 MiB, processors 2, event loops 4, connections at most 19488");
        assertThat(limits.faults()).isEmpty();
    }

    @Test
    void tellsTheConfiguredNumberIfTheFilesAreEnough() {
        assertThat(new NodeLimits(20_000, 1024 * MIB, 2, 4, 0, 5000, true).told())
                .endsWith("connections at most 5000");
        assertThat(new NodeLimits(-1, 1024 * MIB, 2, 4, 0, 0, true).told())
                .startsWith("open files not known")
                .endsWith("connections at most any");
    }

    @Test
    void warnsOfTooFewFilesForConfiguredConnections() {
        assertThat(new NodeLimits(20_000, 4096 * MIB, 2, 4, 0, DEFAULT, true).faults())
                .containsExactly("This process may open 20000 files, expected 100512 or more for"
                        + " heliograph.access.limits.max-connections=100000: raise ulimit -n, or the limit of the"
                        + " container runtime");
        assertThat(new NodeLimits(100_512, 4096 * MIB, 2, 4, 0, DEFAULT, true).faults())
                .isEmpty();
    }

    @Test
    void warnsOfFewFilesWhateverIsConfigured() {
        assertThat(new NodeLimits(256, 1024 * MIB, 2, 4, 0, DEFAULT, false).faults())
                .containsExactly(
                        "This process may open 256 files, expected 1024 or more: raise ulimit -n, or the limit of"
                                + " the container runtime");
    }

    @Test
    void warnsOfAHeapThatIsTooSmallForWhatItKeeps() {
        assertThat(new NodeLimits(20_000, 256 * MIB, 2, 4, 256 * MIB, DEFAULT, false).faults())
                .singleElement()
                .asString()
                .startsWith("The heap may have 256 MiB, expected 512 MiB or more, for 256 MiB that");
        assertThat(new NodeLimits(200_000, 1024 * MIB, 2, 4, 20 * MIB, DEFAULT, true).faults())
                .singleElement()
                .asString()
                .startsWith("The heap may have 1024 MiB, expected 2677 MiB or more")
                .contains("max-connections=100000");
    }

    @Test
    void warnsOfFewerEventLoopsThanProcessors() {
        assertThat(new NodeLimits(20_000, 1024 * MIB, 4, 2, 0, DEFAULT, false).faults())
                .containsExactly("There are 2 event loops, expected 4 or more, one for each processor: raise"
                        + " quarkus.vertx.event-loops-pool-size");
    }
}
