package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Installed;
import dev.heliograph.fixture.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Schemathesis sends what {@code /q/openapi} allows and what it forbids, and finds nothing that {@code
 * src/test/openapi/hooks.py} does not name.
 */
class SchemathesisIT {
    private static final Path SOURCES = Path.of("src", "test", "openapi");
    /** Where it may leave what it keeps between runs. */
    private static final Path DIRECTORY = Path.of("target", "schemathesis-run");

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Pattern ALL_TESTED = Pattern.compile("Selected: (\\d+)/\\1\\s+Tested: \\1\\s");
    private static final Pattern THOUSANDS_PASSED = Pattern.compile("generated, \\d{4,} passed");

    @Test
    void findsNothingThatIsNotNamed() throws IOException {
        String schemathesis =
                Optional.ofNullable(System.getenv("HELIOGRAPH_SCHEMATHESIS")).orElse(Installed.onPath("schemathesis"));
        Installed.require(
                schemathesis != null,
                "schemathesis is missing: python3 -m venv v && v/bin/pip install -r src/test/openapi/requirements.txt,"
                        + " then put v/bin/schemathesis into HELIOGRAPH_SCHEMATHESIS or on the PATH");

        Files.createDirectories(DIRECTORY);
        for (String file : List.of("schemathesis.toml", "hooks.py")) {
            Files.copy(SOURCES.resolve(file), DIRECTORY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }

        String told;
        try (var gateway = GatewayProcess.start(
                GatewayProcess.NO_PUBLISH_LIMIT,
                "heliograph.access.limits.poll.requests-per-second=0",
                "heliograph.access.limits.connect.requests-per-second=0")) {
            String address = gateway.httpUri().toString();
            told = Program.run(
                    LIMIT,
                    DIRECTORY,
                    schemathesis,
                    "--config-file=schemathesis.toml",
                    "run",
                    "--no-color",
                    "--url=" + address,
                    address + "/q/openapi");
            assertThat(gateway.output()).doesNotContain("ERROR", "Exception");
        }

        assertThat(told).containsPattern(ALL_TESTED).containsPattern(THOUSANDS_PASSED);
    }
}
