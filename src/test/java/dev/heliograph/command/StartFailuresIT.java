package dev.heliograph.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A start that fails because of the configuration says so in one line, and ends with exit code 1. */
class StartFailuresIT {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HELIOGRAPH_HUB_PAGE_ENTRIES=many | heliograph.hub.page-entries has a value that cannot be used (Expected an integer value)",
                "HELIOGRAPH_REDIS_TIMEOUT=2parsecs | heliograph.redis.timeout has a value that cannot be used (Invalid duration)",
                "HELIOGRAPH_NAMESPACES_ORDERS_HISTORY_SIZE=0 | heliograph.namespaces.orders.history-size is 0, expected 1 to 100000",
                "quarkus.http.port=80000 | quarkus.http.host is 127.0.0.1 and quarkus.http.port is 80000, where the gateway cannot listen",
                "QUARKUS_REDIS_HOSTS=redis.example:6379 | quarkus.redis.hosts is no address of Redis, expected redis://",
                "QUARKUS_REDIS_HOSTS=http://:hunter2@127.0.0.1 | quarkus.redis.hosts is no address of Redis, expected redis://",
                "QUARKUS_REDIS_HOSTS=redis://:hunter2 @127.0.0.1 | quarkus.redis.hosts has a value that cannot be used",
            })
    void namesKeyOfVariable(String variable, String expected) {
        String said = GatewayProcess.startRefused(variable);

        assertThat(said).contains("Failed to start: " + expected);
        assertOneLineWithoutSecret(said);
    }

    @Test
    void namesMissingKey() {
        String said = GatewayProcess.startRefused("QUARKUS_HTTP_HOST=0.0.0.0");

        assertThat(said).contains("there is no key", "heliograph.access.jwt");
        assertOneLineWithoutSecret(said);
    }

    @Test
    void namesUnknownKey() {
        String said = GatewayProcess.startRefused("heliograph.hub.lingr=1s");

        assertThat(said).contains("Failed to start: heliograph.hub.lingr is no key of the gateway, expected one");
        assertOneLineWithoutSecret(said);
    }

    @Test
    void namesEveryKeyAtFault() {
        String said = GatewayProcess.startRefused("heliograph.hub.lingr=1s", "heliograph.hub.page-entries=many");

        assertThat(said).contains("heliograph.hub.lingr is no key", "heliograph.hub.page-entries has a value");
        assertOneLineWithoutSecret(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heliograph.access.limits.max-clients",
                "heliograph.memory.max-bytes",
                "heliograph.namespaces.orders.slow-clients"
            })
    void hidesValueOfWrongType(String key) {
        String said = GatewayProcess.startRefused(key + "=" + Keys.ORDERS);

        assertThat(said).contains(key + " has a value that cannot be used");
        assertOneLineWithoutSecret(said);
    }

    @Test
    void namesKeyOfPublicKeyThatIsNotThere() {
        String said =
                GatewayProcess.startRefused("HELIOGRAPH_ACCESS_JWT_PUBLIC_KEY=" + directory.resolve("absent.pem"));

        assertThat(said)
                .contains("Failed to start: heliograph.access.jwt.public-key is a file that cannot be read"
                        + " (NoSuchFileException), expected the path of a file");
        assertOneLineWithoutSecret(said);
    }

    @Test
    void namesKeyOfDirectoryInPlaceOfPublicKey() {
        String said = GatewayProcess.startRefused("HELIOGRAPH_ACCESS_JWT_PUBLIC_KEY=" + directory);

        assertThat(said).contains("heliograph.access.jwt.public-key is a file that cannot be read");
        assertOneLineWithoutSecret(said);
    }

    @Test
    void namesKeyOfCertificateThatIsNotThere() throws IOException {
        Path key = Files.writeString(directory.resolve("tls.key"), "-");
        String absent = directory.resolve("tls.crt").toString();

        String said = GatewayProcess.startRefused(
                "quarkus.http.ssl.certificate.files=" + absent, "quarkus.http.ssl.certificate.key-files=" + key);

        assertThat(said)
                .contains("Failed to start: quarkus.http.ssl.certificate.files is " + absent
                        + ", which cannot be read (NoSuchFileException)");
        assertOneLineWithoutSecret(said);
    }

    @Test
    void namesHostThatDoesNotResolve() {
        String said =
                GatewayProcess.startRefused("QUARKUS_HTTP_HOST=nosuch.invalid", "heliograph.access.anonymous=true");

        assertThat(said).contains("Failed to start: quarkus.http.host is nosuch.invalid");
        assertOneLineWithoutSecret(said);
    }

    /** The line of the engine may come before it. */
    private static void assertOneLineWithoutSecret(String said) {
        assertThat(said.lines().filter(line -> !line.contains(" INFO "))).hasSize(1);
        assertThat(said).doesNotContain("hunter2", "hgk_", "\tat ");
    }
}
