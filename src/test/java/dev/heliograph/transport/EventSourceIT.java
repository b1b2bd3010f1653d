package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.FaultProxy;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Installed;
import dev.heliograph.fixture.Keys;
import dev.heliograph.fixture.Ledger;
import dev.heliograph.fixture.Program;
import dev.heliograph.fixture.Told;
import java.io.File;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code EventSource} of a real browser, and that of Node: cut off, they resume by themselves and lose nothing. */
class EventSourceIT {
    private static final Path SOURCES = Path.of("src", "test", "node");
    private static final Path NODE_CLIENT = Path.of("target", "node-client");
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    /** The gateway asks browsers to wait for up to 5 s. */
    private static final Duration RESUME_LIMIT = Duration.ofSeconds(30);

    private static final int EVENTS = 20;
    private static final int CUTS = 2;

    private final String channel = "orders-" + UUID.randomUUID();
    private final Ledger ledger = new Ledger();
    private ReportServer reports;
    private GatewayProcess gateway;
    private FaultProxy network;

    @TempDir
    private Path directory;

    @BeforeEach
    void startServers() throws IOException {
        reports = new ReportServer(SOURCES);
    }

    private void startGateway(String... options) {
        gateway = GatewayProcess.start(Stream.concat(
                        Stream.of("quarkus.http.cors.enabled=true", "quarkus.http.cors.origins=" + reports.origin()),
                        Stream.of(options))
                .toArray(String[]::new));
        network = new FaultProxy("127.0.0.1", gateway.port());
    }

    @AfterEach
    void endServers() {
        if (gateway != null) {
            network.close();
            gateway.close();
        }
        reports.close();
    }

    @Test
    void browserResumesWithoutLossOrRepeat() throws Exception {
        startGateway();

        assertResumes(browser(""));
    }

    /** Each time with a ticket of its own, because a browser's {@code EventSource} cannot set headers. */
    @Test
    void browserResumesWithTickets() throws Exception {
        // Whoever publishes here has no key; whoever listens needs one.
        startGateway(Stream.concat(
                        Stream.of("heliograph.namespaces.orders.public=publish"),
                        Keys.config().entrySet().stream().map(each -> each.getKey() + '=' + each.getValue()))
                .toArray(String[]::new));

        assertResumes(browser("&key=" + Keys.ORDERS));
    }

    private List<String> browser(String parameters) {
        String chromium = Installed.onPath("chromium");
        Installed.require(chromium != null, "chromium is missing: apt-get install chromium");
        List<String> command = new ArrayList<>(List.of(chromium, "--headless", "--no-sandbox", "--disable-gpu"));
        command.addAll(List.of("--disable-quic", "--no-first-run", "--disable-background-networking"));
        command.addAll(List.of("--disable-component-update", "--disable-sync", "--user-data-dir=" + directory));
        command.add(reports.origin() + "/page.html?stream=" + URLEncoder.encode(streamUrl(), StandardCharsets.UTF_8)
                + parameters);
        return command;
    }

    @Test
    void nodeResumesWithoutLossOrRepeat() throws Exception {
        String node = Installed.onPath("node");
        Installed.require(
                node != null && Installed.onPath("npm") != null, "Node is missing: install nodejs and npm, version 20");
        startGateway();
        installNodeClient();

        assertResumes(
                List.of(node, NODE_CLIENT.resolve("node.mjs").toString(), streamUrl(), reports.origin() + "/report"));
    }

    private void assertResumes(List<String> command) throws Exception {
        var backend = new GatewayHttp(gateway.httpUri());
        Process client = start(command);
        try {
            await().atMost(START_LIMIT).untilAsserted(() -> assertThat(reports.reports("sync"))
                    .as("syncs of a client that says " + output())
                    .hasSize(1));

            for (int i = 0; i < CUTS; i++) {
                ledger.publish(backend, channel, "order.updated", EVENTS);
                network.closeConnections();
                ledger.publish(backend, channel, "order.updated", EVENTS);
                int resumes = i + 1;
                await().atMost(RESUME_LIMIT)
                        .untilAsserted(() -> assertThat(reports.reports("sync")).hasSize(1 + resumes));
            }
            ledger.publish(backend, channel, "order.updated", EVENTS);

            List<String> cursors = ledger.accepted(channel).stream()
                    .map(Told.Event::position)
                    .map(Object::toString)
                    .toList();
            await().atMost(RESUME_LIMIT).untilAsserted(() -> assertThat(reports.reports("message"))
                    .hasSizeGreaterThanOrEqualTo(cursors.size()));
            assertThat(reports.reports("message"))
                    .allSatisfy(report ->
                            assertThat(report.data().path("cursor").textValue()).isEqualTo(report.id()))
                    .extracting(ReportServer.Report::id)
                    .isEqualTo(cursors);
            assertThat(reports.reports("sync"))
                    .hasSize(1 + CUTS)
                    .allMatch(report -> report.data().path("recovered").booleanValue());
        } finally {
            Program.endWithChildren(client);
        }
    }

    /** Through the network that fails. */
    private String streamUrl() {
        return "http://127.0.0.1:" + network.port() + "/api/realtime/sse?channel=" + channel;
    }

    private Process start(List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(outputFile());
        // Where browsers leave what they do not clean up when they are killed.
        builder.environment().put("TMPDIR", directory.toString());
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Program.endWithChildren(process)));
        return process;
    }

    private File outputFile() throws IOException {
        return Files.createDirectories(Path.of("target", "event-source"))
                .resolve(channel)
                .toFile();
    }

    private String output() throws IOException {
        return Files.readString(outputFile().toPath());
    }

    private static void installNodeClient() throws IOException {
        Files.createDirectories(NODE_CLIENT);
        for (String file : List.of("package.json", "listen.mjs", "node.mjs")) {
            Files.copy(SOURCES.resolve(file), NODE_CLIENT.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Program.run(START_LIMIT, NODE_CLIENT, "npm", "install", "--no-package-lock", "--no-audit", "--no-fund");
    }
}
