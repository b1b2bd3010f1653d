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
import org.junit.jupiter.api.Test;

/** A strict TypeScript program on the types that are generated from {@code /q/openapi} compiles, and is answered so. */
class GeneratedClientIT {
    private static final Path SOURCES = Path.of("src", "test", "openapi", "client");
    private static final Path CLIENT = Path.of("target", "openapi-client");
    private static final List<String> FILES =
            List.of("package.json", "package-lock.json", "tsconfig.json", "client.ts", "run.mjs");
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @Test
    void compilesAndReadsTheMembersOfAnswers() throws IOException {
        Installed.require(
                Installed.onPath("node") != null && Installed.onPath("npm") != null,
                "Node is missing: install nodejs and npm, version 18 or later");
        Files.createDirectories(CLIENT);
        for (String file : FILES) {
            Files.copy(SOURCES.resolve(file), CLIENT.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }

        String told;
        try (var gateway = GatewayProcess.start()) {
            run("npm", "ci", "--no-audit", "--no-fund");
            run("npx", "openapi-typescript", gateway.httpUri() + "/q/openapi", "-o", "gateway.ts");
            run("npx", "tsc", "--project", ".");
            told = run("node", "run.mjs", gateway.httpUri().toString());
        }

        assertThat(told.lines())
                .containsExactly(
                        "published true",
                        "cloud events true",
                        "accepted orders-client",
                        "refused events[1].type",
                        "polled 2 order.updated true undefined",
                        "read new",
                        "conflict /status new paid lost paid paid known");
    }

    private static String run(String... command) {
        return Program.run(LIMIT, CLIENT, command);
    }
}
