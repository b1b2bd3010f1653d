package dev.heliograph.edge;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.GatewayHttp;
import dev.heliograph.fixture.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class HttpLayerProblemsTest {
    private static final int LIMIT_SECONDS = 60;
    private static final String GATEWAY = "http://127.0.0.1:%d";

    @Inject
    Vertx vertx;

    @ParameterizedTest
    @ValueSource(
            strings = {"channels/orders-1/events", "poll?channel=orders-1", "sse?channel=orders-1", "ws", "nowhere"})
    void aRequestThatDoesNotNameItsHostOnceIsRefused(String path) throws IOException {
        for (String hosts : new String[] {"", "Host: a\r\nHost: b\r\n", "Host: a b\r\n"}) {
            String answer = answer("GET /api/realtime/" + path + " HTTP/1.1\r\n" + hosts + "\r\n");

            assertThat(answer)
                    .as(hosts)
                    .startsWith("HTTP/1.1 400 ")
                    .contains(
                            "application/problem+json", "urn:heliograph:problem:invalid-request", "\"field\":\"Host\"");
        }
    }

    @Test
    void http10NeedsNoHost() throws IOException {
        assertThat(answer("GET /api/realtime/channels/orders-1/events HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.0 200 ");
    }

    @Test
    void aBodyBeyondTheLimitEndsItsStreamAndNoOtherOfTheConnection() throws Exception {
        var streamed = new StringBuffer();
        HttpClient client = http2Client();
        client.request(HttpMethod.GET, "/api/realtime/sse?channel=orders-http2")
                .compose(request -> request.send().onSuccess(stream -> stream.handler(streamed::append)));
        await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(() -> streamed.indexOf("event: sync") >= 0);

        HttpClientResponse refusal =
                soon(client.request(HttpMethod.POST, "/api/realtime/publish").compose(request -> {
                    request.putHeader("Content-Type", "application/json").putHeader("Content-Length", "100000000");
                    request.write(Buffer.buffer(new byte[100_000]));
                    return request.response();
                }));

        assertThat(refusal.statusCode()).isEqualTo(413);
        assertThat(refusal.getHeader("Connection")).isNull();
        new GatewayHttp(URI.create(GATEWAY.formatted(RestAssured.port))).publish("orders-http2", "order.updated", "{}");
        await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(() -> streamed.indexOf("order.updated") >= 0);
        client.close();
    }

    /** As Java's client does, which would wait for ever if nobody took the rest. */
    @Test
    void answersWholeBodyBeyondLimitOverHttp2() throws Exception {
        var client = java.net.http.HttpClient.newBuilder()
                .version(java.net.http.HttpClient.Version.HTTP_2)
                .build();
        client.send(request("cache").build(), BodyHandlers.discarding());

        for (int i = 0; i < 3; i++) {
            var answer = client.send(
                    request("publish")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofByteArray(new byte[9_000_000]))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("body-too-large");
        }
    }

    @ParameterizedTest
    @CsvSource({"documents/orders-head2, 200", "poll?channel=orders-head2, 200", "documents/orders-none, 404"})
    void theAnswerToHeadHasALengthAndNoBodyOverHttp2Either(String path, int status) throws Exception {
        given().header("If-Match", "*").delete("/api/realtime/documents/orders-head2");
        given().header("If-None-Match", "*")
                .contentType("application/json")
                .body("{\"n\":1}")
                .put("/api/realtime/documents/orders-head2")
                .then()
                .statusCode(201);
        HttpClient client = http2Client();

        // Asked for where the request is sent: the body of an answer that has ended by then would never come.
        HttpClientResponse answer =
                soon(client.request(HttpMethod.HEAD, "/api/realtime/" + path).compose(request -> request.send()
                        .compose(response -> response.body().map(body -> {
                            assertThat(body.length()).isZero();
                            return response;
                        }))));

        assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Integer.parseInt(answer.getHeader("Content-Length"))).isPositive();
        client.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,   channels/nobody-1/events,      404",
        "GET,   channels/orders-none/latest,   404",
        "GET,   documents/orders-none,         404",
        "GET,   nowhere,                       404",
        "POST,  poll,                          405",
        "GET,   poll,                          400",
        "GET,   sse?channel=nobody-1,          404",
        "GET,   cache?all=true,                400",
        "PATCH, documents/orders-none,         415",
    })
    void noCacheKeepsARefusal(String method, String path, int status) {
        given().request(method, "/api/realtime/" + path)
                .then()
                .statusCode(status)
                .contentType("application/problem+json")
                .header("Cache-Control", "no-store");
    }

    /** The gateway says when it begins to read; what comes then cannot be read, but concerns one stream of HTTP/2 alone. */
    @ParameterizedTest
    @CsvSource({"POST, publish", "POST, publish/batch", "PUT, documents/orders-unread"})
    void aBodyLongerThanItSaysIsRefusedAndItsConnectionStaysOpen(String method, String path) throws Exception {
        var connections = new AtomicInteger();
        HttpClient client = http2Client().connectionHandler(connection -> connections.incrementAndGet());

        String refusal = soon(client.request(HttpMethod.valueOf(method), "/api/realtime/" + path)
                .compose(request -> {
                    request.putHeader("Content-Type", "application/json")
                            .putHeader("Content-Length", "2")
                            .putHeader("Expect", "100-continue")
                            .continueHandler(reads -> request.write("{    }"))
                            .exceptionHandler(reset -> {})
                            .sendHead();
                    return request.response()
                            .compose(answer -> answer.body().map(body -> answer.statusCode() + " " + body));
                }));
        HttpClientResponse next =
                soon(client.request(HttpMethod.GET, "/api/realtime/cache").compose(HttpClientRequest::send));

        assertThat(refusal)
                .startsWith("400 ")
                .contains("urn:heliograph:problem:invalid-request", "the body of the request is no HTTP");
        assertThat(next.statusCode()).isEqualTo(200);
        assertThat(connections).hasValue(1);
        client.close();
    }

    @Test
    void aConnectionOfHttp2IsToldHowManyRequestsItMayHaveUnderWay() throws Exception {
        HttpClient client = http2Client();

        HttpClientResponse answer =
                soon(client.request(HttpMethod.GET, "/api/realtime/cache").compose(HttpClientRequest::send));

        assertThat(answer.request().connection().remoteSettings().getMaxConcurrentStreams())
                .isEqualTo(100);
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/realtime/nowhere", "/nowhere"})
    void anUnknownAddressIsRefused(String path) {
        problem(given().get(path), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/problem+json", "text/html", "garbage"})
    void answersInOneFormWhateverAcceptSays(String accept) {
        for (String path : new String[] {"cache", "channels/orders-1/events"}) {
            given().header("Accept", accept)
                    .get("/api/realtime/" + path)
                    .then()
                    .statusCode(200)
                    .contentType("application/json");
        }
    }

    /** Of one connection. */
    private HttpClient http2Client() {
        return vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MaxPoolSize(1)
                .setDefaultPort(RestAssured.port)
                .setDefaultHost("127.0.0.1"));
    }

    private static <T> T soon(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static String answer(String request) throws IOException {
        try (var socket = RawHttp.connect(RestAssured.port)) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return RawHttp.readHead(socket);
        }
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(GATEWAY.formatted(RestAssured.port) + "/api/realtime/" + path))
                .timeout(Duration.ofSeconds(LIMIT_SECONDS));
    }
}
