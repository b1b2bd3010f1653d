package dev.heliograph.edge;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.heliograph.fixture.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(OriginsTest.SomeOrigins.class)
class OriginsTest {
    private static final String FRIEND = "https://app.example";
    private static final String FOREIGNER = "https://evil.example";
    private static final String EVENTS = "/api/realtime/channels/orders-1/events";
    private static final String PUBLISH = "/api/realtime/publish";
    private static final String WEBSOCKET = "/api/realtime/ws";

    public static final class SomeOrigins implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.cors.origins", FRIEND + ",/https://[a-z]+\\.friends\\.example/",
                    "quarkus.http.proxy.proxy-address-forwarding", "true",
                    "quarkus.http.proxy.trusted-proxies", "127.0.0.1",
                    "quarkus.http.proxy.enable-forwarded-host", "true");
        }
    }

    @Test
    void aPageOfAnAllowedOriginReadsTheAnswerAndItsHeaders() {
        given().header("Origin", FRIEND)
                .get(EVENTS)
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", FRIEND)
                .header("Access-Control-Expose-Headers", containsString("etag"))
                .header("Access-Control-Expose-Headers", containsString("ratelimit-policy"))
                .header("Vary", "Origin");
    }

    @Test
    void pageOfAllowedOriginReadsRefusals() {
        given().header("Origin", "https://my.friends.example")
                .get("/api/realtime/channels/nonsense-1/events")
                .then()
                .statusCode(404)
                .header("Access-Control-Allow-Origin", "https://my.friends.example")
                .header("Vary", "Origin");
    }

    @Test
    void aPageThatIsRefusedIsToldWhichOriginTheGatewayTakesForItsOwn() {
        refused(given().header("Origin", FOREIGNER)
                        .header("X-Forwarded-Proto", "https")
                        .header("X-Forwarded-Host", "gateway.example")
                        .get(EVENTS)
                        .then())
                .body("detail", containsString("which is https://gateway.example in this request"));
    }

    @ParameterizedTest
    @ValueSource(strings = {FOREIGNER, "null", "https://app.example.evil.example", "http://app.example", "garbage"})
    void aPageOfAForeignOriginIsRefused(String origin) {
        refused(given().header("Origin", origin).get(EVENTS).then());
        refused(given().header("Origin", origin)
                .contentType(ContentType.JSON)
                .body("{}")
                .post(PUBLISH)
                .then());
    }

    @Test
    void anAddressThatIsNoUriIsTheClientsMistake() throws IOException {
        String noUri = "GET " + EVENTS + "?from={x}";

        for (String origin : new String[] {FOREIGNER, FRIEND, "http://localhost:1"}) {
            assertThat(RawHttp.head(RestAssured.port, RawHttp.request(noUri, "Origin: " + origin)))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void servesRequestWithoutOriginAndSendsVary() {
        given().get(EVENTS)
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", nullValue())
                .header("Vary", "Origin");
    }

    @Test
    void theGatewaysOwnPagesAreServed() {
        String own = "http://127.0.0.1:" + RestAssured.port;

        given().header("Origin", own).get(EVENTS).then().statusCode(200);
    }

    @Test
    void theGatewaysOwnPagesAreServedBehindAProxyThatEndsTls() {
        for (String own : List.of("https://gateway.example", "https://gateway.example:443")) {
            given().header("X-Forwarded-Proto", "https")
                    .header("X-Forwarded-Host", "gateway.example")
                    .header("Origin", own)
                    .get(EVENTS)
                    .then()
                    .statusCode(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http,  APP.example,     http://app.example",
        "http,  app.example,     HTTP://APP.example",
        "http,  app.example:80,  http://app.example",
        "http,  app.example,     http://App.example:80",
        "https, app.example:443, https://app.example",
        "https, APP.example,     https://app.example:443",
        "http,  [::1]:80,        http://[::1]",
    })
    void servesOwnPagesHoweverHostIsWritten(String scheme, String host, String origin) {
        given().header("X-Forwarded-Proto", scheme)
                .header("X-Forwarded-Host", host)
                .header("Origin", origin)
                .get(EVENTS)
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({
        "http,  own.example,     https://own.example",
        "http,  own.example:443, https://own.example",
        "http,  own.example,     http://own.example:8080",
        "http,  own.example,     http://own.example/",
        "http,  own.example,     http://own.example?q",
        "http,  own.example,     http://me@own.example",
        "http,  own.example,     http://own.example.",
        "http,  own.example,     own.example",
    })
    void refusesPagesOfNeighboursOfOwnOrigin(String scheme, String host, String origin) {
        refused(given().header("X-Forwarded-Proto", scheme)
                .header("X-Forwarded-Host", host)
                .header("Origin", origin)
                .get(EVENTS)
                .then());
    }

    @Test
    void theOwnHostOnAnotherPortIsForeign() {
        refused(given().header("Origin", "http://127.0.0.1:1").get(EVENTS).then());
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   content-type,    /api/realtime/publish",
        "POST,   idempotency-key, /api/realtime/publish/batch",
        "GET,    if-none-match,   /api/realtime/poll",
        "GET,    last-event-id,   /api/realtime/sse",
        "GET,    cache-control,   /api/realtime/sse",
        "GET,    accept,          /api/realtime/sse",
        "GET,    x-requested-with, /api/realtime/sse",
        "GET,    authorization,   /api/realtime/channels/orders-1/events",
        "DELETE, authorization,   /api/realtime/cache",
        "PATCH,  if-match,        /api/realtime/documents/orders-1",
    })
    void aPreflightOfAnAllowedOriginIsGranted(String method, String header, String path) {
        given().header("Origin", FRIEND)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", header)
                .options(path)
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", FRIEND)
                .header("Access-Control-Allow-Methods", containsString(method))
                .header("Access-Control-Allow-Headers", containsString(header))
                .header("Access-Control-Max-Age", "7200")
                .header("RateLimit", nullValue())
                .header("Vary", "Origin");
    }

    @Test
    void aPreflightOfAForeignOriginIsRefused() {
        refused(given().header("Origin", FOREIGNER)
                        .header("Access-Control-Request-Method", "POST")
                        .options(PUBLISH)
                        .then())
                .header("Access-Control-Allow-Methods", nullValue());
    }

    /** Browsers do not keep foreign pages from opening WebSockets (RFC 6455, section 10.2), so it is up to us. */
    @Test
    void aWebSocketOfAForeignPageIsRefused() throws IOException {
        assertThat(handshake(FOREIGNER)).startsWith("HTTP/1.1 403").contains("origin-not-allowed");
    }

    @Test
    void aWebSocketOfAFriendOrOfOurselvesOrOfNoPageIsOpened() throws IOException {
        assertThat(handshake(FRIEND)).startsWith("HTTP/1.1 101");
        assertThat(handshake("http://localhost:" + RestAssured.port)).startsWith("HTTP/1.1 101");
        assertThat(RawHttp.head(RestAssured.port, RawHttp.handshake(WEBSOCKET))).startsWith("HTTP/1.1 101");
    }

    private static String handshake(String origin) throws IOException {
        return RawHttp.head(RestAssured.port, RawHttp.handshake(WEBSOCKET, "Origin: " + origin));
    }

    private static ValidatableResponse refused(ValidatableResponse answer) {
        return problem(answer, 403, "origin-not-allowed")
                .header("Access-Control-Allow-Origin", nullValue())
                .header("Vary", "Origin")
                .body("field", equalTo("Origin"));
    }
}
