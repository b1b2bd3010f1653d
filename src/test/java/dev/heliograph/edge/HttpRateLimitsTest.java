package dev.heliograph.edge;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Every test is a client of its own: the loopback is trusted here to tell whom it forwards for. */
@QuarkusTest
@TestProfile(HttpRateLimitsTest.SmallLimits.class)
class HttpRateLimitsTest {
    private static final int ENOUGH = 100;
    private static final String EVENTS = "/api/realtime/channels/orders-1/events";

    public static final class SmallLimits implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.proxy.proxy-address-forwarding", "true",
                    "quarkus.http.proxy.trusted-proxies", "127.0.0.1",
                    "heliograph.access.limits.publish.requests-per-second", "1",
                    "heliograph.access.limits.publish.burst", "2",
                    "heliograph.access.limits.poll.requests-per-second", "1",
                    "heliograph.access.limits.poll.burst", "3",
                    "heliograph.access.limits.connect.requests-per-second", "1",
                    "heliograph.access.limits.connect.burst", "1");
        }
    }

    @Test
    void answerWithinLimitHasRestOfLimit() {
        as("10.0.0.1")
                .get(EVENTS)
                .then()
                .statusCode(200)
                .header("RateLimit-Policy", "\"poll\";q=3;w=3")
                .header("RateLimit", "\"poll\";r=2;t=1");
    }

    @Test
    void refusesRequestBeyondLimit() {
        problem(untilRefused(() -> as("10.0.0.2").get(EVENTS)), 429, "rate-exceeded")
                .header("Retry-After", "1")
                .header("RateLimit-Policy", "\"poll\";q=3;w=3")
                .header("RateLimit", "\"poll\";r=0;t=1")
                .body("retryable", equalTo(true))
                .body("retryAfter", equalTo(1));
    }

    @Test
    void anotherClientIsNotHarmed() {
        untilRefused(() -> as("10.0.0.3").get(EVENTS));

        as("10.0.0.4").get(EVENTS).then().statusCode(200);
    }

    @Test
    void addressesOfOneIpv6NetworkShareOneLimit() {
        var addresses = IntStream.rangeClosed(1, ENOUGH).iterator();

        untilRefused(() -> as("[2001:db8::" + addresses.next() + "]").get(EVENTS));

        as("[2001:db8:0:1::1]").get(EVENTS).then().statusCode(200);
    }

    @Test
    void theLimitFillsUpAgain() {
        untilRefused(() -> as("10.0.0.5").get(EVENTS));

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> as("10.0.0.5").get(EVENTS).statusCode() == 200);
    }

    @Test
    void publishingHasALimitOfItsOwn() {
        untilRefused(() -> publish("10.0.0.6")).then().header("RateLimit", matchesPattern("\"publish\";.*"));

        as("10.0.0.6").get(EVENTS).then().statusCode(200);
    }

    @Test
    void changingADocumentIsPublishingAndReadingItIsNot() {
        String document = "/api/realtime/documents/orders-limited";

        as("10.0.0.10").delete(document).then().header("RateLimit-Policy", "\"publish\";q=2;w=2");
        as("10.0.0.10").get(document).then().header("RateLimit-Policy", "\"poll\";q=3;w=3");
        as("10.0.0.10").options(document).then().header("RateLimit-Policy", "\"poll\";q=3;w=3");
    }

    @Test
    void otherSpellingsOfAPathCountAsThePath() {
        for (String spelling : new String[] {
            "/api/realtime//publish",
            "/api/./realtime/publish",
            "/api/realtime/%70ublish",
            "/api/realtime/x/../publish",
            "/api/realtime/publish/batch",
            "//api/realtime/publish"
        }) {
            as("10.0.0.7")
                    .urlEncodingEnabled(false)
                    .post(spelling)
                    .then()
                    .header("RateLimit-Policy", "\"publish\";q=2;w=2");
        }
    }

    @Test
    void addressesOutsideTheApiAreNotLimited() {
        for (int i = 0; i < 10; i++) {
            as("10.0.0.8").get("/q/health/live").then().statusCode(200).header("RateLimit", nullValue());
        }
    }

    @Test
    void aHandshakeBeyondTheLimitIsRefused() throws IOException {
        String head = handshake("10.0.0.9");
        assertThat(head).startsWith("HTTP/1.1 101");

        for (int i = 0; i < ENOUGH && !head.startsWith("HTTP/1.1 429"); i++) {
            head = handshake("10.0.0.9");
        }

        assertThat(head)
                .startsWith("HTTP/1.1 429")
                .containsIgnoringCase("Retry-After: 1")
                .contains("RateLimit-Policy: \"connect\";q=1;w=1");
    }

    @Test
    void refusalsAreCounted() {
        untilRefused(() -> as("10.0.0.10").get(EVENTS));

        assertThat(given().get("/q/metrics").asString())
                .containsPattern("heliograph_access_refusals_total\\{policy=\"poll\"\\} [1-9]");
    }

    /** The connection is closed or ready for the next request, but never left with half a body in it. */
    @Test
    void aRefusedBodyDoesNotStandInTheWayOfTheNextRequest() throws IOException {
        untilRefused(() -> publish("10.0.0.11"));
        String body = "x".repeat(200_000);
        try (var socket = new Socket("127.0.0.1", RestAssured.port)) {
            socket.setSoTimeout(5000);
            String head = "POST /api/realtime/publish HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.0.0.11\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
            String next = "GET /q/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

            socket.getOutputStream().write((head + body + next).getBytes(StandardCharsets.US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answers).containsPattern("^HTTP/1.1 (429|400)[^$]*HTTP/1.1 200");
        }
    }

    private static String handshake(String client) throws IOException {
        try (var socket = new Socket("127.0.0.1", RestAssured.port)) {
            socket.setSoTimeout(5000);
            String request = "GET /api/realtime/ws HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + client + "\r\n"
                    + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                assertThat(next).as(head.toString()).isNotNegative();
                head.append((char) next);
            }
            return head.toString();
        }
    }

    private static RequestSpecification as(String client) {
        return given().header("X-Forwarded-For", client);
    }

    private static Response publish(String client) {
        return as(client)
                .contentType(ContentType.JSON)
                .body("{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{}}")
                .post("/api/realtime/publish");
    }

    /** Asks again and again, as the limits fill up meanwhile. */
    private static Response untilRefused(Supplier<Response> request) {
        for (int i = 0; i < ENOUGH; i++) {
            Response answer = request.get();
            if (answer.statusCode() == 429) {
                return answer;
            }
        }
        throw new AssertionError("not refused in " + ENOUGH + " requests");
    }
}
