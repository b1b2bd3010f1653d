package dev.heliograph.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RawHttp;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a request ends (RFC 9112). What a proxy in front takes for the body of one request must never be carried out as
 * another.
 */
class HttpFramingIT {
    private static final String BODY = "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{}}";
    private static final String CHUNKS = Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
    private static final String POST = "POST /api/realtime/publish HTTP/1.1\r\nContent-Type: application/json\r\n";
    /** Seen in the answers if it is carried out. */
    private static final String SMUGGLED = "GET /api/realtime/cache HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");

    private static GatewayProcess gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayProcess.start("quarkus.http.idle-timeout=30s");
    }

    @AfterAll
    static void end() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding:",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: \u000bchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding : chunked",
                "Content-Length: 0\r\nTransfer-Encoding: chunked",
                "Content-Length: 0\r\nContent-Length: 54",
                "Content-Length: 0, 54",
                "Content-Length: +54",
                "Content-Length: 54 54",
                "Content-Length: 0x36",
                "Content-Length: -1",
                "X-Split: a\rTransfer-Encoding: chunked",
            })
    void refusesRequestsWithoutAClearEndAndCloses(String header) throws IOException {
        for (String body : List.of("", CHUNKS, BODY)) {
            assertThat(statuses(POST + header + "\r\n\r\n" + body + SMUGGLED)).containsExactly("400");
        }
    }

    @Test
    void refusesChunksOverAnOlderVersion() throws IOException {
        String request = POST.replace("HTTP/1.1", "HTTP/1.0") + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS;

        assertThat(RawHttp.all(gateway.port(), request + SMUGGLED))
                .contains(" 400 ")
                .doesNotContain(" 200 ");
    }

    @Test
    void refusesCodingsThatItDoesNotKnowAndCloses() throws IOException {
        assertThat(statuses(POST + "Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKS + SMUGGLED))
                .containsExactly("501");
    }

    /** The first request of a connection is looked at by another part than those behind it. */
    @Test
    void refusesTheSecondRequestOfAConnectionLikeTheFirst() throws IOException {
        String first = "GET /api/realtime/cache HTTP/1.1\r\n\r\n";
        String second = POST + "Host: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n";

        assertThat(statuses(first + second + SMUGGLED)).containsExactly("200", "400");
    }

    @Test
    void namesTheHeaderAtFault() throws IOException {
        assertThat(RawHttp.all(gateway.port(), POST + "Transfer-Encoding: xchunked\r\n\r\n"))
                .contains("application/problem+json", "\"field\":\"Transfer-Encoding\"", "xchunked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "close, TE", "TE , Close", "TE\r\nConnection: close"})
    void closesWhenTheClientSaysSo(String options) throws IOException {
        String request = "GET /api/realtime/cache HTTP/1.1\r\nConnection: " + options + "\r\n\r\n";

        assertThat(statuses(request + SMUGGLED)).containsExactly("200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"36", "0036", "36;a=b", "36;a", "36;a=\"b c\";d"})
    void readsChunksWithLegalExtensions(String size) throws IOException {
        String chunks = size.replace("36", Integer.toHexString(BODY.length())) + "\r\n" + BODY + "\r\n0\r\n\r\n";
        String last = SMUGGLED.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");

        assertThat(statuses(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks + last))
                .containsExactly("201", "200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x36\r\n", "36\n", "+36\r\n", "-36\r\n", " \r\n", "36;\u0000\r\n"})
    void closesOnChunksThatAreNone(String size) throws IOException {
        String chunks = size.replace("36", Integer.toHexString(BODY.length())) + BODY + "\r\n0\r\n\r\n";

        assertThat(statuses(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks + SMUGGLED))
                .isSubsetOf("400");
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
    @ValueSource(strings = {"/q/health/ready", "/api/realtime/cache", "/nothing"})
    void refusesARequestWithoutHostAndLogsNoError(String path) throws IOException {
        try (var socket = RawHttp.connect(gateway.port())) {
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\n\r\n").getBytes(UTF_8));

            assertThat(RawHttp.readHead(socket)).startsWith("HTTP/1.1 400 ").contains("\"field\":\"Host\"");
        }
        assertThat(gateway.output()).doesNotContain("ERROR");
    }

    /** Of all answers until the gateway closes the connection. */
    private static List<String> statuses(String requests) throws IOException {
        try (var socket = RawHttp.connect(gateway.port())) {
            String withHost = requests.contains("Host:") && requests.indexOf("Host:") < requests.indexOf("\r\n\r\n")
                    ? requests
                    : requests.replaceFirst("\r\n", "\r\nHost: localhost\r\n");
            socket.getOutputStream().write(withHost.getBytes(ISO_8859_1));
            String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);
            return STATUS.matcher(answers)
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        }
    }
}
