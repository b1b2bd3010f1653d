package dev.heliograph.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.Keys;
import dev.heliograph.fixture.Packaged;
import dev.heliograph.fixture.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands of the packaged gateway print is good for the gateway. */
class CommandsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SECRET = "heliograph.access.jwt.secret=" + Jwts.SECRET;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void mintedTokenWorksOverHttpAndWebSocket() throws Exception {
        String token = run(
                        List.of("-D" + SECRET),
                        "token",
                        "--sub",
                        "alice",
                        "--subscribe",
                        "orders-*",
                        "--publish",
                        "orders-{sub}")
                .strip();

        try (var gateway = GatewayProcess.start(SECRET)) {
            BlockingQueue<String> frames = listen(gateway, token, "orders-alice");

            assertThat(publish(gateway, token, "orders-alice")).isEqualTo(201);
            assertThat(publish(gateway, token, "orders-bob")).isEqualTo(403);
            assertThat(publish(gateway, null, "orders-alice")).isEqualTo(401);
            assertThat(publish(gateway, token + "A", "orders-alice")).isEqualTo(401);
            assertThat(frames.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).contains("\"subscribed\"");
            assertThat(frames.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).contains("\"sync\"");
            assertThat(frames.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).contains("\"orders-alice\"");
            assertThat(gateway.output()).doesNotContain(token, Jwts.SECRET);
        }
    }

    @Test
    void newKeyWorksWithItsLines() throws Exception {
        List<String> printed = run(List.of(), "keys", "new", "backend", "--publish", "orders")
                .lines()
                .toList();

        String[] lines =
                printed.stream().filter(line -> line.startsWith("heliograph.")).toArray(String[]::new);
        try (var gateway = GatewayProcess.start(lines)) {
            assertThat(publish(gateway, printed.get(0), "orders-1")).isEqualTo(201);
            assertThat(publish(gateway, printed.get(0), "finance-1")).isEqualTo(403);
            assertThat(gateway.output()).doesNotContain(printed.get(0));
        }
    }

    /** Each of them has the secret, and the others another one. */
    @Test
    void readsSecretWhereTheGatewayWould() throws IOException {
        Path file = Files.createDirectories(directory.resolve("config")).resolve("application.properties");
        String other = "heliograph.access.jwt.secret=tiger";

        Files.writeString(file, SECRET);
        assertThat(run(List.of(), "token", "--sub", "alice")).startsWith("ey").hasLineCount(1);

        Files.writeString(file, other);
        String environment = "HELIOGRAPH_ACCESS_JWT_SECRET=" + Jwts.SECRET;
        assertThat(run(Stream.of("env", environment), List.of(), "token", "--sub", "alice"))
                .startsWith("ey")
                .hasLineCount(1);
        assertThat(run(List.of("-D" + SECRET), "token", "--sub", "alice"))
                .startsWith("ey")
                .hasLineCount(1);
    }

    @Test
    void wrongOptionEndsWithStatus2AndOneLine() {
        String said = run(
                Stream.of("sh", "-c", "\"$@\"; echo status $?", "sh"),
                List.of(),
                "token",
                "--sub",
                "alice",
                "--subscribes",
                "orders");

        assertThat(said.lines()).hasSize(2).last().isEqualTo("status 2");
        assertThat(said).startsWith("Unknown option");
    }

    private String run(List<String> options, String... arguments) {
        return run(Stream.of(), options, arguments);
    }

    /** @param by the command that runs it */
    private String run(Stream<String> by, List<String> options, String... arguments) {
        return Program.run(
                LIMIT,
                directory,
                Stream.concat(by, Packaged.command(options, arguments).stream()).toArray(String[]::new));
    }

    /** @return the status of the answer */
    private int publish(GatewayProcess gateway, String credential, String channel) throws Exception {
        var request = HttpRequest.newBuilder(gateway.httpUri().resolve("/api/realtime/publish"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"channel\":\"" + channel + "\",\"type\":\"order.created\",\"data\":{}}"));
        if (credential != null) {
            request.header("Authorization", Keys.bearer(credential));
        }
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private BlockingQueue<String> listen(GatewayProcess gateway, String token, String channel) {
        BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        client.newWebSocketBuilder()
                .header("Authorization", Keys.bearer(token))
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + gateway.port() + "/api/realtime/ws"), new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
                                frames.add(text.toString());
                                from.request(1);
                                return null;
                            }
                        })
                .join()
                .sendText("{\"id\":1,\"subscribe\":{\"channel\":\"" + channel + "\"}}", true)
                .join();
        return frames;
    }
}
