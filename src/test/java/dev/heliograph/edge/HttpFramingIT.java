package dev.heliograph.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.HttpConnection.Answer;
import dev.heliograph.fixture.RawHttp;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request ends, and its connection (RFC 9112, sections 2.2, 5, 6, 7 and 9.6). */
class HttpFramingIT {
    private static final String CACHE = "GET /api/realtime/cache HTTP/1.1\r\nHost: here\r\n\r\n";
    private static final String SMUGGLED_TO = "/api/realtime/documents/orders-smuggled";
    /** What follows the bytes that one reader takes for a body, and another for a request. */
    private static final String SMUGGLED = "PUT " + SMUGGLED_TO + " HTTP/1.1\r\nHost: here\r\nIf-None-Match: *\r\n"
            + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    private static final String EVENT = "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{}}";
    private static final String SIZE = Integer.toHexString(EVENT.length());
    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final String CHUNKS = SIZE + "\r\n" + EVENT + "\r\n0\r\n\r\n";

    private static GatewayProcess gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayProcess.start();
    }

    @AfterAll
    static void end() {
        gateway.close();
    }

    /** Nothing after a refused head is ever carried out, and no mistake of a client is an error of ours. */
    @AfterEach
    void carriesOutNothingThatWasSmuggled() throws IOException {
        try (var client = HttpConnection.open(gateway.port());
                Answer answer = client.get(SMUGGLED_TO, Map.of())) {
            assertThat(answer.status()).isEqualTo(404);
        }
        assertThat(gateway.output()).doesNotContain("ERROR");
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                arguments("HTTP/1.1", "Transfer-Encoding: xchunked", 400),
                arguments("HTTP/1.1", "Transfer-Encoding: identity", 400),
                arguments("HTTP/1.1", "Transfer-Encoding:", 400),
                arguments("HTTP/1.1", "Transfer-Encoding: chunked;q=1", 400),
                arguments("HTTP/1.1", "Transfer-Encoding: \013chunked", 400),
                arguments("HTTP/1.1", "Transfer-Encoding: chunked, identity", 400),
                arguments("HTTP/1.1", "Transfer-Encoding: chunked, chunked", 400),
                arguments("HTTP/1.1", CHUNKED + "\r\n" + CHUNKED, 400),
                arguments("HTTP/1.1", CHUNKED + "\r\nTransfer-Encoding: gzip", 400),
                arguments("HTTP/1.0", CHUNKED, 400),
                arguments("HTTP/1.0", CHUNKED + "\r\nConnection: keep-alive", 400),
                arguments("HTTP/1.1", "Transfer-Encoding : chunked", 400),
                arguments("HTTP/1.1", "Transfer-Enco ding: chunked", 400),
                arguments("HTTP/1.1", "Content-Length: 5\r\n" + CHUNKED, 400),
                arguments("HTTP/1.1", CHUNKED + "\r\nContent-Length: 5", 400),
                arguments("HTTP/1.1", "Transfer-Encoding: gzip, chunked", 501),
                arguments("HTTP/1.1", "Transfer-Encoding: GZIP\r\n" + CHUNKED, 501),
                arguments("HTTP/1.1", "Content-Length: 55\r\nContent-Length: 5", 400),
                arguments("HTTP/1.1", "Content-Length: 5, 5", 400),
                arguments("HTTP/1.1", "Content-Length: +5", 400),
                arguments("HTTP/1.1", "Content-Length: -1", 400),
                arguments("HTTP/1.1", "Content-Length: 0x5", 400),
                arguments("HTTP/1.1", "Content-Length: 5 5", 400),
                arguments("HTTP/1.1", "Content-Length:", 400),
                arguments("HTTP/1.1", "Content-Length: 99999999999999999999", 400),
                arguments("HTTP/1.1", "Content-Length : 5", 400),
                arguments("HTTP/1.1", "X-Any: a\rb", 400),
                arguments("HTTP/1.1", "X-Any: a\nTransfer-Encoding: chunked", 400),
                arguments("HTTP/1.1", "X-Any: a\0b", 400),
                arguments("HTTP/1.1", "no colon", 400));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void refusesRequestWhoseLengthIsInDoubtAndCloses(String version, String headers, int status) throws IOException {
        // A route, and what comes to none; that its body ends where its last chunk does is in no doubt with 501.
        for (String path :
                status == 501 ? List.of("/api/realtime/publish") : List.of("/api/realtime/publish", "/%zz")) {
            String request = "POST " + path + " " + version + "\r\nHost: here\r\nContent-Type: application/json\r\n"
                    + headers + "\r\n\r\n" + CHUNKS + SMUGGLED;
            boolean isUri = !path.contains("%");

            assertThat(answers(request)).as(path).startsWith(version + " " + (isUri ? status : 400));
            assertThat(answers(CACHE + request)).as("behind another").contains("HTTP/1.1 200 ", version + " ");
        }
    }

    /** It waits in the queue of Vert.x when the rest comes. */
    @Test
    void refusesBadRequestQueuedBehindPoll() throws IOException {
        String poll = "GET /api/realtime/poll?channel=orders-queue&wait=1&cursor=a-1 HTTP/1.1\r\nHost: here\r\n\r\n";

        String answers = answers(poll + publish("Transfer-Encoding: gzip, chunked", CHUNKS + SMUGGLED));

        assertThat(answers).contains("HTTP/1.1 501 ", "urn:heliograph:problem:unsupported-transfer-coding");
    }

    @Test
    void refusesHeaderWithoutName() throws IOException {
        assertThat(RawHttp.head(gateway.port(), RawHttp.request("GET /api/realtime/cache", ": x")))
                .startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @CsvSource({"chunked", "Chunked", "' chunked '", "'\r\n chunked'"})
    void readsChunks(String coding) throws IOException {
        assertPublished(publish("Transfer-Encoding:" + coding, CHUNKS));
    }

    @ParameterizedTest
    @ValueSource(strings = {";a=b", ";a", " ; a=\"b;c\"", ";a=b;c=d"})
    void readsChunksWithExtensions(String extension) throws IOException {
        assertPublished(
                publish(CHUNKED, SIZE + extension + "\r\n" + EVENT + "\r\n0" + extension + "\r\nX-Trailer: a\r\n\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%s\n%s\r\n", "%s\r\n%s\n", "+%s\r\n%s\r\n", "0x%s\r\n%s\r\n", "%s;a=\nb\r\n%s\r\n", "%s\r%s\r\n"
            })
    void closesAfterMalformedChunk(String chunk) throws IOException {
        assertThat(answers(publish(CHUNKED, chunk.formatted(SIZE, EVENT) + "0\r\n\r\n" + SMUGGLED)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: close, TE",
                "Connection: TE , Close",
                "Connection: TE\r\nConnection: close",
                "Connection: keep-alive, close"
            })
    void closesAfterRequestThatSaysSoInList(String header) throws IOException {
        String last = CACHE.replace("\r\n\r\n", "\r\n" + header + "\r\n\r\n");

        for (String requests : new String[] {last, CACHE + last}) {
            String answers = answers(requests + SMUGGLED);

            assertThat(answers.split("HTTP/1.1 200 ", -1)).hasSize(requests.equals(last) ? 2 : 3);
            assertThat(answers.toLowerCase()).containsOnlyOnce("connection: close");
        }
    }

    @Test
    void keepsConnectionOfRequestWithOtherOptions() throws IOException {
        try (var client = HttpConnection.open(gateway.port())) {
            for (int i = 0; i < 3; i++) {
                try (Answer answer = client.get("/api/realtime/cache", Map.of("Connection", "TE, closed"))) {
                    answer.body().readAllBytes();

                    assertThat(answer.status()).isEqualTo(200);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/realtime/cache/",
                "/api/realtime/cache//",
                "/api/realtime//cache",
                "//api/realtime/cache",
                "/api/realtime/cache/.",
                "/api/realtime/cache/%2e",
                "/api/realtime/x/../cache",
                "/api/realtime/cache/x/%2E%2e",
            })
    void takesNoAddressForAnother(String path) throws IOException {
        assertThat(RawHttp.all(gateway.port(), RawHttp.request("DELETE " + path, "Connection: close")))
                .startsWith("HTTP/1.1 404 ")
                .contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/ready", "/q/metrics", "/q/openapi", "/nowhere", "/api/realtime/cache"})
    void refusesRequestWithoutHostAsClientsMistake(String path) throws IOException {
        for (String hosts : new String[] {"", "Host: a\r\nHost: b\r\n", "Host: a b\r\n"}) {
            String answer = answers("GET " + path + " HTTP/1.1\r\nConnection: close\r\n" + hosts + "\r\n");

            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"field\":\"Host\"");
        }
    }

    private static void assertPublished(String request) throws IOException {
        try (var client = HttpConnection.open(gateway.port())) {
            client.send((request + CACHE).getBytes(US_ASCII));
            try (Answer published = client.answer()) {
                assertThat(published.status()).isEqualTo(201);
                published.body().readAllBytes();
            }
            try (Answer next = client.answer()) {
                assertThat(next.status()).isEqualTo(200);
            }
        }
    }

    private static String publish(String header, String body) {
        return "POST /api/realtime/publish HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n" + header
                + "\r\n\r\n" + body;
    }

    /** All that comes until the gateway closes the connection. */
    private static String answers(String requests) throws IOException {
        try (var socket = RawHttp.connect(gateway.port())) {
            socket.getOutputStream().write(requests.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
