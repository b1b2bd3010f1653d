package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HaProxy;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.Installed;
import dev.heliograph.fixture.Nginx;
import dev.heliograph.fixture.ProxyProcess;
import dev.heliograph.fixture.RawHttp;
import dev.heliograph.fixture.WsClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The settings of docs/operations.md, Put it behind a proxy, with other addresses and a shorter timeout. */
@Timeout(120)
class DocumentedProxiesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String DOCUMENTED_TIMEOUT = "120s";
    private static final String TIMEOUT = "10s";
    /** Longer than the timeout. Heartbeats and pings come every second. */
    private static final int SILENT_SECONDS = 15;
    /** More requests than the other tests send from their address. */
    private static final int POLLS_AT_ONCE = 50;

    private static final int MORE_POLLS = 4 * POLLS_AT_ONCE;

    private static GatewayProcess gateway;
    private static GatewayHttp backend;
    private static ProxyProcess nginx;
    private static ProxyProcess haProxy;

    private final String channel = "orders-" + UUID.randomUUID();

    enum Proxy {
        NGINX,
        HAPROXY;

        int port() {
            return (this == NGINX ? nginx : haProxy).port();
        }
    }

    @BeforeAll
    static void startServers() throws IOException {
        Installed.require(Nginx.binary().isPresent(), "nginx is missing: apt-get install nginx");
        Installed.require(HaProxy.binary().isPresent(), "haproxy is missing: apt-get install haproxy");
        gateway = GatewayProcess.start(
                "quarkus.http.proxy.proxy-address-forwarding=true",
                "quarkus.http.proxy.trusted-proxies=127.0.0.1",
                "quarkus.http.proxy.enable-forwarded-host=true",
                "heliograph.session.heartbeat-interval=1s",
                "heliograph.session.ping-interval=1s",
                "heliograph.access.limits.poll.requests-per-second=1",
                "heliograph.access.limits.poll.burst=" + POLLS_AT_ONCE);
        backend = new GatewayHttp(gateway.httpUri());
        // The first check of HAProxy that fails keeps clients away for seconds.
        await().atMost(LIMIT).until(() -> !backend.get("/q/health/ready").contains("DOWN"));
        // The first line belongs to http, the rest to the server.
        String[] settings = documented("nginx").split("\n\n", 2);
        nginx = Nginx.start(Nginx.binary().orElseThrow(), settings[0], settings[1]);
        haProxy = HaProxy.start(HaProxy.binary().orElseThrow(), documented("haproxy"));
    }

    private static String documented(String language) throws IOException {
        String page = Files.readString(Path.of("docs", "operations.md"));
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(block.find()).as("settings of %s", language).isTrue();
        return block.group(1)
                .replace(DOCUMENTED_TIMEOUT, TIMEOUT)
                .replace("gateway:8080", "127.0.0.1:" + gateway.port())
                .replace("bind :80", "bind 127.0.0.1:%1$d")
                .replace("port 9000", "port " + gateway.port());
    }

    @AfterAll
    static void endServers() {
        for (AutoCloseable each : new AutoCloseable[] {nginx, haProxy, gateway}) {
            if (each != null) {
                try {
                    each.close();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void silentWebSocketIsKept(Proxy proxy) throws IOException {
        try (var client = WsClient.connect(proxy.port()).withoutLimit()) {
            client.subscribe(channel);
            client.next();
            publishAfterSilence();

            assertThat(client.next().at("/event/data/n").intValue()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void silentEventStreamIsKept(Proxy proxy) throws IOException {
        try (var connection = HttpConnection.open(proxy.port());
                var answer = connection.get("/api/realtime/sse?channel=" + channel, Map.of())) {
            var stream = new EventStream(answer.body());
            assertThat(stream.next().type()).isEqualTo("sync");
            publishAfterSilence();

            assertThat(stream.next().data()).contains("\"n\":1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void heldPollIsAnsweredWhenSomethingComes(Proxy proxy) throws IOException {
        String first = backend.publish(channel, "order.created", "{\"n\":0}");
        try (var connection = HttpConnection.open(proxy.port())) {
            connection.send(
                    "/api/realtime/poll?channel=" + channel + "&wait=8", Map.of("If-None-Match", '"' + first + '"'));
            String second = backend.publish(channel, "order.updated", "{\"n\":1}");

            assertThat(connection.answer().header("ETag")).isEqualTo('"' + second + '"');
        }
    }

    /** A page of the address that the browser shows is no page of another origin. */
    @ParameterizedTest
    @EnumSource
    void pageOfTheProxysAddressMayConnect(Proxy proxy) throws IOException {
        String origin = "Origin: http://localhost:" + proxy.port();

        assertThat(RawHttp.head(proxy.port(), RawHttp.handshake("/api/realtime/ws", origin)))
                .startsWith("HTTP/1.1 101 ");
        assertThat(RawHttp.head(proxy.port(), RawHttp.handshake("/api/realtime/ws", "Origin: http://evil.example")))
                .startsWith("HTTP/1.1 403 ");
    }

    /** A client is counted by the address from which it reached the proxy, whatever it says. */
    @ParameterizedTest
    @EnumSource
    void clientCannotChooseItsAddress(Proxy proxy) throws IOException {
        String client = "127.0.1." + (1 + proxy.ordinal());
        String status = "";
        for (int i = 0; i < MORE_POLLS && !status.startsWith("HTTP/1.1 429 "); i++) {
            status = poll(proxy, client, "X-Forwarded-For: 10.0.0." + i);
        }

        assertThat(status).startsWith("HTTP/1.1 429 ");
        assertThat(poll(proxy, "127.0.2." + (1 + proxy.ordinal()), "X-Forwarded-For: " + client))
                .startsWith("HTTP/1.1 200 ");
    }

    private String poll(Proxy proxy, String client, String header) throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), proxy.port(), InetAddress.getByName(client), 0)) {
            RawHttp.send(socket, RawHttp.request("GET /api/realtime/poll?channel=" + channel, header));
            return RawHttp.readHead(socket);
        }
    }

    private void publishAfterSilence() {
        CompletableFuture.delayedExecutor(SILENT_SECONDS, TimeUnit.SECONDS).execute(() -> {
            try {
                backend.publish(channel, "order.updated", "{\"n\":1}");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
