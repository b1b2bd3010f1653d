package dev.heliograph.transport.socket;

import static dev.heliograph.fixture.RawHttp.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.RawHttp;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The opening handshake (RFC 6455, section 4.2.1), header by header. */
@QuarkusTest
class SocketHandshakeTest {
    private static final String PATH = "/api/realtime/ws";
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    private static final List<String> RIGHT =
            List.of("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", KEY);

    @TestHTTPResource("/")
    URL gateway;

    @Inject
    @Any
    Instance<HttpUpgradeCheck> checks;

    /** A refusal after it would leave a connection that hears nothing. */
    @Test
    void holdsTheConnectionAfterAllOtherChecks() {
        assertThat(checks).last().isInstanceOf(SocketUpgrade.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upgrade: websocket | Upgrade: WebSocket",
                "Upgrade: websocket | Upgrade: h3, websocket",
                "Connection: Upgrade | Connection: keep-alive, uPGRADE",
                "Connection: Upgrade | Connection: keep-alive\\r\\nConnection: Upgrade",
                "Sec-WebSocket-Version: 13 | sec-websocket-version:   13",
                "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 13\\r\\nContent-Length: 0",
                "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Protocol: chat, superchat",
                "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Protocol: heliograph.bearer.nobody-asks",
            })
    void acceptsEveryFormOfARightHandshake(String header, String instead) throws IOException {
        String head = ask("GET", with(header, instead.translateEscapes()));

        assertThat(head)
                .startsWith("HTTP/1.1 101 ")
                .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                .doesNotContainIgnoringCase("sec-websocket-protocol");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upgrade: websocket | | Upgrade",
                "Upgrade: websocket | Upgrade: websockets | Upgrade",
                "Upgrade: websocket | Upgrade: h2 | Upgrade",
                "Connection: Upgrade | | Connection",
                "Connection: Upgrade | Connection: keep-alive | Connection",
                "Connection: Upgrade | Connection: upgraded | Connection",
                "Sec-WebSocket-Version: 13 | | Sec-WebSocket-Version",
                "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 12 | Sec-WebSocket-Version",
                "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 8, 13 | Sec-WebSocket-Version",
                "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 130 | Sec-WebSocket-Version",
                "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Version: 13 | Sec-WebSocket-Version",
            })
    void asksForAnUpgradeWhereThereIsNone(String header, String instead, String field) throws IOException {
        String answer = ask("GET", with(header, instead == null ? null : instead.translateEscapes()));

        assertUpgradeRequired(answer, field);
    }

    @Test
    void tellsAPlainGetOfProxiesThatDropUpgrade() throws IOException {
        String answer = ask("GET", List.of());

        assertThat(assertUpgradeRequired(answer, "Upgrade").path("detail").textValue())
                .contains("proxy")
                .contains("Upgrade and Connection");
    }

    @Test
    void asksForAnUpgradeOverHttp10() throws IOException {
        String request = request("GET " + PATH, RIGHT.toArray(String[]::new)).replaceFirst("HTTP/1.1", "HTTP/1.0");

        assertUpgradeRequired(RawHttp.head(gateway.getPort(), request), "version");
    }

    /** RFC 9113, section 8.2.2, forbids the header without which 426 means nothing (RFC 9110, section 15.5.22). */
    @Test
    void refusesAGetOverHttp2() throws Exception {
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        var address = URI.create("http://localhost:" + gateway.getPort());
        client.send(HttpRequest.newBuilder(address.resolve("/q/health")).build(), BodyHandlers.discarding());

        HttpResponse<String> answer =
                client.send(HttpRequest.newBuilder(address.resolve(PATH)).build(), BodyHandlers.ofString());

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("upgrade")).isEmpty();
        assertThat(answer.body()).contains("HTTP/1.1").contains("RFC 8441");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "dGhlIHNhbXBsZSBub25jZQ",
                "dGhlIHNhbXBsZSBub25jZQ=",
                "dGhlIHNhbXBsZSBub25jZQ===",
                "dGhlIHNhbXBsZSBub25jZT0=",
                "dGhlIHNhbXBsZSBub25j",
                "dGhlIHNhbXBsZSBub25jZQ=*",
                "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            })
    void refusesAKeyThatIsNot16Bytes(String key) throws IOException {
        assertInvalid(ask("GET", with(KEY, "Sec-WebSocket-Key: " + key)), "Sec-WebSocket-Key");
    }

    @Test
    void refusesAHandshakeWithoutAKey() throws IOException {
        assertInvalid(ask("GET", with(KEY, null)), "Sec-WebSocket-Key");
    }

    @Test
    void refusesAHandshakeWithABody() throws IOException {
        assertInvalid(ask("GET", with(KEY, KEY + "\r\nContent-Length: 3")), null);
        assertInvalid(ask("GET", with(KEY, KEY + "\r\nTransfer-Encoding: chunked")), null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void namesTheMethodsThatItUnderstands(String method) throws IOException {
        String answer = ask(method, RIGHT);

        assertThat(answer).startsWith("HTTP/1.1 405 ").containsIgnoringCase("\r\nallow: GET, OPTIONS\r\n");
        assertThat(problem(answer).path("type").textValue()).endsWith(":method-not-allowed");
    }

    private String ask(String method, List<String> headers) throws IOException {
        return RawHttp.head(gateway.getPort(), request(method + " " + PATH, headers.toArray(String[]::new)));
    }

    /** @param instead null: nothing */
    private static List<String> with(String header, String instead) {
        var headers = new ArrayList<>(RIGHT);
        assertThat(headers.remove(header)).isTrue();
        if (instead != null) {
            headers.add(instead);
        }
        return headers;
    }

    private static JsonNode assertUpgradeRequired(String answer, String field) throws IOException {
        assertThat(answer)
                .containsPattern("^HTTP/1.[01] 426 ")
                .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                .containsPattern("(?i)\r\nconnection: upgrade(, close)?\r\n")
                .containsIgnoringCase("\r\nsec-websocket-version: 13\r\n");
        JsonNode problem = problem(answer);
        assertThat(problem.path("type").textValue()).endsWith(":upgrade-required");
        assertThat(problem.path("field").textValue()).isEqualTo(field);
        return problem;
    }

    private static void assertInvalid(String answer, String field) throws IOException {
        assertThat(answer).startsWith("HTTP/1.1 400 ");
        JsonNode problem = problem(answer);
        assertThat(problem.path("type").textValue()).endsWith(":invalid-request");
        assertThat(problem.path("field").textValue()).isEqualTo(field);
    }

    private static JsonNode problem(String answer) throws IOException {
        assertThat(answer).containsIgnoringCase("\r\ncontent-type: application/problem+json\r\n");
        return new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
    }
}
