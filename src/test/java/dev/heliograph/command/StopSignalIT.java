package dev.heliograph.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while the gateway starts. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopSignalIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int KILLED = 128 + 15;

    @TempDir
    Path directory;

    @Test
    void signalDuringStartEndsItWithExitCodeZeroBeforeItListens() throws Exception {
        Path key = pipe();
        try (var gateway = GatewayProcess.launched("heliograph.access.jwt.public-key=" + key)) {
            // Opening a pipe waits for its reader, so from here on the start waits for the key.
            try (var written = Files.newBufferedWriter(key)) {
                gateway.terminate();
                awaitHandled(gateway);
                written.write(publicKey());
            }

            assertThat(gateway.exitCode()).isZero();
            assertThat(gateway.output()).doesNotContain("Listening on", "\tat ", "ERROR");
        }
    }

    @Test
    void secondSignalDuringStartEndsItAtOnce() throws Exception {
        Path key = pipe();
        try (var gateway = GatewayProcess.launched("heliograph.access.jwt.public-key=" + key)) {
            try (var neverWritten = Files.newBufferedWriter(key)) {
                gateway.terminate();
                awaitHandled(gateway);
                gateway.terminate();

                assertThat(gateway.exitCode()).isEqualTo(KILLED);
            }
        }
    }

    private Path pipe() {
        Program.run(LIMIT, directory, "mkfifo", "key.pem");
        return directory.resolve("key.pem");
    }

    private static void awaitHandled(GatewayProcess gateway) {
        await().atMost(LIMIT).until(() -> gateway.output().contains("because SIGTERM has come"));
    }

    private static String publicKey() throws NoSuchAlgorithmException {
        byte[] encoded = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPublic()
                .getEncoded();
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(encoded)
                + "\n-----END PUBLIC KEY-----\n";
    }
}
