package dev.heliograph.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import org.junit.jupiter.api.Test;

class StartFailuresTest {
    @Test
    void saysThatProcessMayOpenTooFewFiles() {
        var failure = new RuntimeException(
                "Failed to start quarkus", new FileNotFoundException("/opt/lib/x.jar (Too many open files)"));

        assertThat(StartFailures.reason(failure)).contains("may not open more files", "ulimit -n");
    }

    @Test
    void leavesUnknownFailureWithItsTrace() {
        assertThat(StartFailures.reason(new IllegalStateException("a bug"))).isNull();
        assertThat(StartFailures.reason(new IllegalStateException())).isNull();
    }
}
