package dev.heliograph.publish;

import static dev.heliograph.fixture.Problems.problem;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The media type, the encoding and the size of what is published over HTTP. */
@QuarkusTest
class PublishBodyTest extends EventsOverHttp {
    @Test
    void anotherMediaTypeIsRefused() {
        problem(post(PUBLISH, "text/plain", GOOD.getBytes(UTF_8)), 415, "unsupported-media-type")
                .body("field", equalTo("Content-Type"))
                .body("detail", containsString("expected application/json or application/cloudevents+json"));
        problem(post(PUBLISH, CLOUD_EVENT_BATCH, "[]".getBytes(UTF_8)), 415, "unsupported-media-type");
        problem(post(BATCH, CLOUD_EVENT, "[]".getBytes(UTF_8)), 415, "unsupported-media-type");
    }

    @Test
    void aMalformedMediaTypeIsRefused() {
        problem(post(PUBLISH, "garbage", GOOD.getBytes(UTF_8)), 415, "unsupported-media-type");
    }

    /** As curl sends what it is given, if it is not told what that is. */
    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary"})
    void aFormIsRefusedWithoutBeingTakenApart(String type) {
        String long4k = GOOD.replace("1}", '"' + "x".repeat(4096) + "\"}");

        problem(post(PUBLISH, type, long4k.getBytes(UTF_8)), 415, "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type: APPLICATION/JSON ; charset=utf-8", "X-None: told"})
    void acceptsAnySpellingOfJsonMediaTypeOrNone(String header) throws IOException {
        String answer = answerToHead(
                "POST " + PUBLISH,
                header + "\r\nConnection: close\r\nContent-Length: " + GOOD.length() + "\r\n\r\n" + GOOD);

        assertThat(answer).startsWith("HTTP/1.1 201");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] latin1 = GOOD.replace("1}", "\"\u00e9\"}").getBytes(ISO_8859_1);

        problem(post(PUBLISH, "application/json", latin1), 400, "invalid-utf8").body("detail", containsString("0xE9"));
    }

    /** Only the head is sent: the length that it tells is enough. */
    @Test
    void aBodyBeyondTheLimitIsRefused() throws IOException {
        String answer = answerToHead("POST " + PUBLISH, "Content-Type: application/json\r\nContent-Length: 100000000");

        assertThat(answer).startsWith("HTTP/1.1 413").contains("urn:heliograph:problem:body-too-large");
    }

    /** Without a length, so that the gateway finds out while it reads. */
    @Test
    void aBodyThatGrowsBeyondTheLimitIsRefused() throws IOException {
        try (var socket = new Socket("127.0.0.1", RestAssured.port)) {
            socket.setSoTimeout(5000);
            String head = "POST " + PUBLISH + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n800001\r\n";
            socket.getOutputStream().write(head.getBytes(UTF_8));
            // One byte more than is read.
            socket.getOutputStream().write(new byte[8 * 1024 * 1024 + 1]);

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 413")
                    .containsIgnoringCase("connection: close")
                    .contains("urn:heliograph:problem:body-too-large");
        }
    }

    @Test
    void anExpectationThatIsNotUnderstoodIsRefused() throws IOException {
        String answer = answerToHead(
                "POST " + PUBLISH,
                "Content-Type: application/json\r\nExpect: wonders\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(answer).startsWith("HTTP/1.1 4").contains("urn:heliograph:problem:invalid-request");
    }

    private static String answerToHead(String methodAndAddress, String headers) throws IOException {
        try (var socket = new Socket("127.0.0.1", RestAssured.port)) {
            socket.setSoTimeout(5000);
            String head = methodAndAddress + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
