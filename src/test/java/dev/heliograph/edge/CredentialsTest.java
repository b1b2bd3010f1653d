package dev.heliograph.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.Keys;
import dev.heliograph.fixture.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways in which a request may show a token: header, subprotocol, cookie. */
@QuarkusTest
@TestProfile(CredentialsTest.WithCookie.class)
class CredentialsTest {
    private static final String COOKIE = "__Host-heliograph";
    private static final String ANSWERED = "HTTP/1.1 ";

    public static final class WithCookie implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            var config = Keys.config();
            config.put("heliograph.access.cookie", COOKIE);
            config.put("quarkus.http.cors.origins", "https://app.example");
            return config;
        }
    }

    /** ORDERS, NOTHING and OWN stand for two keys and the gateway's own origin. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            GET  |                               |                        |                                    | 401 unauthenticated
            GET  | ORDERS                        |                        |                                    | 200
            GET  |                               | NAME=ORDERS            |                                    | 200
            GET  |                               | a=b; NAME=ORDERS       |                                    | 200
            GET  |                               | NAME=                  |                                    | 401 unauthenticated
            GET  |                               | other=ORDERS           |                                    | 401 unauthenticated
            GET  |                               | NAME=NOTHING           |                                    | 403 forbidden
            GET  |                               | NAME=garbage           |                                    | 401 invalid-token
            GET  |                               | NAME=ORDERS; NAME=x    |                                    | 400 invalid-request
            GET  | ORDERS                        | NAME=ORDERS            | Sec-Fetch-Site: cross-site         | 200
            GET  | ORDERS                        | NAME=NOTHING           |                                    | 400 invalid-request
            GET  |                               | NAME=ORDERS            | Sec-Fetch-Site: none               | 200
            GET  |                               | NAME=ORDERS            | Sec-Fetch-Site: same-origin        | 200
            GET  |                               | NAME=ORDERS            | Sec-Fetch-Site: same-site          | 403 origin-not-allowed
            GET  |                               | NAME=ORDERS            | Sec-Fetch-Site: cross-site         | 403 origin-not-allowed
            GET  |                               | NAME=ORDERS            | Origin: https://app.example        | 200
            GET  |                               | NAME=ORDERS            | Origin: https://evil.example       | 403 origin-not-allowed
            GET  |                               | NAME=ORDERS            | Origin: null                       | 403 origin-not-allowed
            POST |                               | NAME=ORDERS            |                                    | 403 origin-not-allowed
            POST |                               | NAME=ORDERS            | Sec-Fetch-Site: none               | 403 origin-not-allowed
            POST |                               | NAME=ORDERS            | Sec-Fetch-Site: same-site          | 403 origin-not-allowed
            POST |                               | NAME=ORDERS            | Sec-Fetch-Site: same-origin        | 201
            POST |                               | NAME=ORDERS            | OWN                                | 201
            POST |                               | NAME=ORDERS            | Origin: https://app.example        | 201
            POST | ORDERS                        | NAME=ORDERS            |                                    | 201
            WS   |                               | NAME=ORDERS            |                                    | 403 origin-not-allowed
            WS   |                               | NAME=ORDERS            | OWN                                | 101
            WS   |                               | NAME=ORDERS            | Sec-Fetch-Site: same-origin        | 101
            WS   |                               | NAME=garbage           | OWN                                | 401 invalid-token
            WS   |                               |                        | Sec-WebSocket-Protocol: heliograph, heliograph.bearer.ORDERS | 101
            WS   |                               |                        | Sec-WebSocket-Protocol: heliograph.bearer.ORDERS,heliograph | 101
            WS   |                               |                        | Sec-WebSocket-Protocol: heliograph, heliograph.bearer.garbage | 401 invalid-token
            WS   |                               |                        | Sec-WebSocket-Protocol: heliograph, heliograph.bearer. | 401 invalid-token
            WS   |                               |                        | Sec-WebSocket-Protocol: heliograph.bearer.ORDERS | 400 invalid-request
            WS   |                               |                        | Sec-WebSocket-Protocol: heliograph, heliograph.bearer.a, heliograph.bearer.b | 400 invalid-request
            WS   | ORDERS                        |                        | Sec-WebSocket-Protocol: heliograph, heliograph.bearer.ORDERS | 101
            WS   | NOTHING                       |                        | Sec-WebSocket-Protocol: heliograph, heliograph.bearer.ORDERS | 400 invalid-request
            GET  |                               |                        | Sec-WebSocket-Protocol: heliograph, heliograph.bearer.ORDERS | 401 unauthenticated
            """)
    void findsTokenOrRefuses(String method, String authorization, String cookie, String header, String expected)
            throws IOException {
        String[] headers = Stream.of(
                        authorization == null ? null : "Authorization: Bearer " + authorization,
                        cookie == null ? null : "Cookie: " + cookie.replace("NAME", COOKIE),
                        header == null ? null : header.replace("OWN", "Origin: http://localhost:" + RestAssured.port))
                .filter(line -> line != null)
                .map(line -> line.replace("ORDERS", Keys.ORDERS).replace("NOTHING", Keys.NOTHING))
                .toArray(String[]::new);

        String answer = RawHttp.head(RestAssured.port, request(method, headers));

        String[] status = expected.split(" ");
        assertThat(answer).startsWith(ANSWERED + status[0]);
        if (status.length > 1) {
            assertThat(answer).contains("urn:heliograph:problem:" + status[1]);
        }
        assertThat(answer).doesNotContain(Keys.ORDERS).doesNotContain(Keys.NOTHING);
    }

    private static String request(String method, String... headers) {
        if (method.equals("WS")) {
            return RawHttp.handshake("/api/realtime/ws", headers);
        }
        if (method.equals("GET")) {
            return RawHttp.request("GET /api/realtime/channels/orders-1/events", headers);
        }
        String event = "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{}}";
        String[] all = Stream.concat(
                        Stream.of(headers),
                        Stream.of("Content-Type: application/json", "Content-Length: " + event.length()))
                .toArray(String[]::new);
        return RawHttp.request("POST /api/realtime/publish", all) + event;
    }

    @Test
    void choosesSubprotocolThatIsNotTheToken() throws IOException {
        String answer = RawHttp.head(
                RestAssured.port,
                RawHttp.handshake(
                        "/api/realtime/ws",
                        "Sec-WebSocket-Protocol: heliograph.bearer." + Keys.ORDERS + ", heliograph"));

        assertThat(answer).startsWith("HTTP/1.1 101");
        assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                .containsOnlyOnce("sec-websocket-protocol: heliograph\r\n");
    }

    @Test
    void refusesTicketBesideCookie() {
        given().header("Cookie", COOKIE + "=" + Keys.ORDERS)
                .get("/api/realtime/sse?channel=orders-1&ticket=" + "t".repeat(43))
                .then()
                .statusCode(400);
    }
}
