package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.ImageContainer;
import dev.heliograph.fixture.Installed;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The images of the Dockerfiles, run as an operator runs them who allows nothing: no user of the host, no capability, no write
 * to the disk, and 256 MiB. {@code HELIOGRAPH_TESTS_IMAGES} in the environment names them, separated by commas.
 */
class ImageIT {
    private static final String IMAGES = "HELIOGRAPH_TESTS_IMAGES";
    private static final int CLIENTS = 2000;
    private static final int EVENTS = 20;
    private static final int DRAINING = 4000;
    private static final String OPEN = "HELIOGRAPH_ACCESS_ANONYMOUS=true";
    /** With the caches half of the heap that is left. */
    private static final String SMALL = "HELIOGRAPH_MEMORY_MAX_BYTES=40M";

    static List<String> images() {
        String images = System.getenv(IMAGES);
        Installed.require(
                images != null,
                "no images: build them as Dockerfile.jvm and Dockerfile.native say, and name them in " + IMAGES);
        return List.of(images.split(","));
    }

    @ParameterizedTest
    @MethodSource("images")
    void servesClientAndSendsItAwayBeforeItEnds(String image) throws IOException {
        try (var container = ImageContainer.start(image, OPEN, SMALL);
                var client = WsClient.connect(container.port())) {
            client.subscribe("orders-1");
            client.next();

            new GatewayHttp(container.httpUri()).publish("orders-1", "order.updated", "{\"n\":1}");
            assertThat(client.next().at("/event/data/n").intValue()).isEqualTo(1);

            ContainerState end = container.stop();
            assertThat(client.closeCode()).isEqualTo(DRAINING);
            assertThat(end.getExitCodeLong()).as(container.output()).isZero();
            assertThat(container.output()).doesNotContain(" WARN ", " ERROR ");
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void servesTwoThousandClientsWithinItsMemory(String image) throws IOException {
        List<WsClient> clients = new ArrayList<>();
        // A client here answers pings only while it reads.
        String patience = "HELIOGRAPH_SESSION_PING_TIMEOUT=10m";
        try (var container = ImageContainer.start(image, OPEN, SMALL, patience)) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(WsClient.connect(container.port()));
                clients.get(i).subscribe("orders-1");
            }
            for (WsClient client : clients) {
                assertThat(client.next().has("sync")).isTrue();
            }

            var backend = new GatewayHttp(container.httpUri());
            for (int n = 0; n < EVENTS; n++) {
                backend.publish("orders-1", "order.updated", "{\"n\":" + n + "}");
            }

            for (WsClient client : clients) {
                for (int n = 0; n < EVENTS; n++) {
                    assertThat(client.next().at("/event/data/n").intValue()).isEqualTo(n);
                }
            }
            ContainerState end = container.stop();
            assertThat(end.getOOMKilled()).isFalse();
            assertThat(end.getExitCodeLong()).as(container.output()).isZero();
        } finally {
            for (WsClient each : clients) {
                each.close();
            }
        }
    }

    static Stream<Arguments> mistakes() {
        return images().stream()
                .flatMap(image -> Stream.of(
                        Arguments.of(
                                image,
                                "HELIOGRAPH_SESSION_HEARTBEAT_INTERVAL=2m",
                                "heliograph.session.heartbeat-interval is "),
                        Arguments.of(image, "QUARKUS_HTTP_HOST=192.0.2.1", "quarkus.http.host is 192.0.2.1"),
                        Arguments.of(
                                image,
                                "HELIOGRAPH_ACCESS_JWT_PUBLIC_KEY=/nothing.pem",
                                "heliograph.access.jwt.public-key is a file that cannot be read")));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void endsWithOneClearLineAfterMistake(String image, String mistake, String words) {
        try (var container = ImageContainer.startRefused(image, OPEN, mistake)) {
            assertThat(container.state().getExitCodeLong()).isEqualTo(1);
            assertThat(container.output().lines().filter(line -> line.contains(" ERROR ")))
                    .singleElement()
                    .asString()
                    .contains("Failed to start: ", words, "expected");
            assertThat(container.output()).doesNotContain("\tat ");
        }
    }

    /** Without a word about who may come in, it would serve the world. */
    @ParameterizedTest
    @MethodSource("images")
    void endsIfNothingSaysWhoMayComeIn(String image) {
        try (var container = ImageContainer.startRefused(image)) {
            assertThat(container.state().getExitCodeLong()).isEqualTo(1);
            assertThat(container.output()).contains("heliograph.access").doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void endsIfItsPortIsTaken(String image) throws IOException {
        try (var taken = new ServerSocket(0);
                var container = ImageContainer.startRefused(image, OPEN, "QUARKUS_HTTP_PORT=" + taken.getLocalPort())) {
            assertThat(container.state().getExitCodeLong()).isEqualTo(1);
            assertThat(container.output())
                    .contains("quarkus.http.port is " + taken.getLocalPort(), "expected")
                    .doesNotContain("\tat ");
        }
    }
}
