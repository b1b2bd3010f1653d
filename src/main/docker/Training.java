import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The run of the gateway from which the JVM makes the AOT cache of Dockerfile.jvm: the gateway starts, clients listen on each
 * wire, and others publish, until the gateway is stopped. The argument is the path of the cache.
 */
final class Training {
    private static final URI CLIENTS = URI.create("http://127.0.0.1:8080/api/realtime/");
    private static final URI READY = URI.create("http://127.0.0.1:9000/q/health/ready");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int EVENTS = 5000;
    private static final int LISTENERS = 20;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Training() {}

    public static void main(String... arguments) throws Exception {
        Path cache = Path.of(arguments[0]);
        Process gateway = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@java.options",
                        "-XX:AOTCacheOutput=" + cache,
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.management.host=127.0.0.1",
                        "-jar",
                        "quarkus-run.jar")
                .inheritIO()
                .start();
        try {
            awaitReady(gateway);
            var told = new CountDownLatch(EVENTS * LISTENERS);
            for (int i = 0; i < LISTENERS; i++) {
                listen(told);
            }
            HttpResponse<InputStream> stream =
                    CLIENT.send(get("sse?channel=orders.*"), BodyHandlers.ofInputStream());
            for (int i = 0; i < EVENTS; i++) {
                send("POST", "publish", "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{\"count\":" + i + "}}");
            }
            if (!told.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(told.getCount() + " events did not arrive");
            }
            stream.body().close();
            for (int i = 0; i < EVENTS / 10; i++) {
                send("PUT", "documents/orders-" + (100 + i), "{\"status\":\"new\"}");
                send("GET", "documents/orders-" + (100 + i), "");
                send("GET", "poll?channel=orders-1&wait=0", "");
                send("GET", "channels/orders-1/latest", "");
            }
            CLIENT.send(HttpRequest.newBuilder(READY.resolve("/q/metrics")).build(), BodyHandlers.ofString());
            gateway.toHandle().destroy();
            if (!gateway.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || gateway.exitValue() != 0) {
                throw new IllegalStateException("The gateway did not stop in good order");
            }
        } finally {
            gateway.destroyForcibly();
        }
        if (!Files.isRegularFile(cache)) {
            throw new IllegalStateException("The JVM made no " + cache);
        }
    }

    private static void awaitReady(Process gateway) throws InterruptedException {
        long start = System.nanoTime();
        while (gateway.isAlive() && System.nanoTime() - start < LIMIT.toNanos()) {
            try {
                if (CLIENT.send(HttpRequest.newBuilder(READY).build(), BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // It does not listen yet.
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("The gateway is not ready");
    }

    private static void listen(CountDownLatch told) {
        WebSocket socket = CLIENT.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:8080/api/realtime/ws"), new WebSocket.Listener() {
                    private final StringBuilder frame = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
                        frame.append(part);
                        if (last) {
                            if (frame.indexOf("{\"event\"") >= 0) {
                                told.countDown();
                            }
                            frame.setLength(0);
                        }
                        from.request(1);
                        return null;
                    }
                })
                .join();
        socket.sendText("{\"id\":1,\"subscribe\":{\"channel\":\"orders-1\"}}", true).join();
    }

    private static HttpRequest get(String path) {
        return HttpRequest.newBuilder(CLIENTS.resolve(path)).build();
    }

    private static void send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(CLIENTS.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        int status = CLIENT.send(request, BodyHandlers.discarding()).statusCode();
        if (status >= 400) {
            throw new IllegalStateException(method + " " + path + " was answered with " + status);
        }
    }
}
