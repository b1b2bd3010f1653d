package dev.heliograph.publish.http;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.heliograph.event.Channel;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Position;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class PublishEndpointTest {
    private static final String PUBLISH = "/api/realtime/publish";
    private static final String BATCH = "/api/realtime/publish/batch";
    private static final String CLOUD_EVENT = "application/cloudevents+json";
    private static final String CLOUD_EVENT_BATCH = "application/cloudevents-batch+json";
    private static final String GOOD = """
            {"channel":"orders-1","type":"order.updated","data":{"n":1}}""";
    private static final String GOOD_CLOUD_EVENT =
            """
            {"specversion":"1.0","id":"ce-1","source":"/shop","type":"order.updated","time":"2026-01-02T03:04:05Z",
             "datacontenttype":"application/json; charset=utf-8","subject":"orders-ce","traceparent":"00-1","data":{"n":1}}""";

    @Inject
    EventLog log;

    @Test
    void anEventIsAcceptedAndInTheLog() {
        Position before = top("orders-happy");

        String cursor = post(
                        PUBLISH,
                        """
                        {"channel":"orders-happy","type":"order.updated","id":"e-1","time":"2026-01-02T03:04:05.678+01:00",
                         "data":{"price":1.10, "big":12345678901234567890.0}}""")
                .statusCode(201)
                .contentType(ContentType.JSON)
                .body("size()", equalTo(3))
                .body("id", equalTo("e-1"))
                .body("channel", equalTo("orders-happy"))
                .extract()
                .path("cursor");

        assertThat(Position.parse(cursor)).isEqualTo(before.at(1));
        assertThat(payload("orders-happy", before))
                .isEqualTo(
                        """
                        {"type":"order.updated","channel":"orders-happy","id":"e-1","time":"2026-01-02T02:04:05.678Z",\
                        "data":{"price":1.10, "big":12345678901234567890.0}}""");
    }

    @Test
    void anEventWithoutIdGetsOne() {
        post(PUBLISH, GOOD).statusCode(201).body("id", matchesPattern("[0-9a-f]{32}"));
    }

    static Stream<Arguments> badEvents() {
        return Stream.of(
                bad("nonsense-1", "order.updated", "{}", 404, "unknown-namespace", "channel"),
                bad("orders-1", "order.exploded", "{}", 400, "unknown-type", "type"),
                bad("orders 1", "order.updated", "{}", 400, "invalid-channel", "channel"),
                bad("orders-1", "order.updated", "[1]", 400, "invalid-data", "data"),
                bad(
                        "orders-1",
                        "order.updated",
                        "{\"x\":\"" + "x".repeat(65_536) + "\"}",
                        413,
                        "event-too-large",
                        "data"),
                badText("{\"type\":\"order.updated\",\"data\":{}}", 400, "invalid-channel", "channel"),
                badText("{\"channel\":7,\"type\":\"order.updated\",\"data\":{}}", 400, "invalid-request", "channel"),
                badText("{\"channel\":\"orders-1\",\"data\":{}}", 400, "invalid-request", "type"),
                badText("{\"channel\":\"orders-1\",\"type\":\"order.updated\"}", 400, "invalid-data", "data"),
                badText("[]", 400, "invalid-request", null),
                badText("", 400, "malformed-json", null),
                badText("garbage", 400, "malformed-json", null),
                badText("{\"channel\":", 400, "malformed-json", null),
                badText(GOOD + "x", 400, "malformed-json", null),
                badText("{\"a\":".repeat(500), 400, "invalid-request", null),
                badText(with("\"colour\":1"), 400, "invalid-request", "colour"),
                badText(with("\"type\":\"order.updated\""), 400, "invalid-request", "type"),
                badText(with("\"time\":\"yesterday\""), 400, "invalid-request", "time"),
                badText(with("\"id\":\"\\\"\""), 400, "invalid-request", "id"),
                badText(with("\"id\":null"), 400, "invalid-request", "id"));
    }

    @ParameterizedTest
    @MethodSource("badEvents")
    void aBadEventIsRefusedByName(String body, int status, String slug, String field) {
        problem(post(PUBLISH, body), status, slug).body("field", equalTo(field));
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] latin1 = GOOD.replace("1}", "\"\u00e9\"}").getBytes(ISO_8859_1);

        problem(post(PUBLISH, "application/json", latin1), 400, "invalid-utf8").body("detail", containsString("0xE9"));
    }

    @Test
    void aRepeatAnswersTheFirstResult() {
        Position before = top("orders-repeat");
        String event = GOOD.replace("orders-1", "orders-repeat");

        ValidatableResponse first = postWithKey(PUBLISH, event, "key-1");
        ValidatableResponse second = postWithKey(PUBLISH, event, "key-1");

        first.statusCode(201).header("Idempotent-Replayed", nullValue());
        second.statusCode(201).header("Idempotent-Replayed", "true");
        assertThat(second.extract().asString()).isEqualTo(first.extract().asString());
        assertThat(top("orders-repeat")).isEqualTo(before.at(1));
    }

    @Test
    void theEventIdTellsARepeatToo() {
        String event = with("\"id\":\"same\"").replace("orders-1", "orders-same");

        post(PUBLISH, event).statusCode(201).header("Idempotent-Replayed", nullValue());
        post(PUBLISH, event).statusCode(201).header("Idempotent-Replayed", "true");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256})
    void anIllegalIdempotencyKeyIsRefused(int length) {
        problem(postWithKey(PUBLISH, GOOD, "k".repeat(length)), 400, "invalid-request")
                .body("field", equalTo("Idempotency-Key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {PUBLISH, BATCH})
    void aSecondIdempotencyKeyIsRefused(String path) {
        problem(postWithKey(path, path.equals(BATCH) ? "{\"events\":[]}" : GOOD, "a", "b"), 400, "invalid-request")
                .body("field", equalTo("Idempotency-Key"));
    }

    @Test
    void membersBesideTheEventsOfABatchAreUnknown() {
        problem(post(BATCH, "{\"events\":[],\"x\":1}"), 400, "invalid-request")
                .body("detail", startsWith("x is \"unknown\""));
        problem(post(BATCH, "{\"events\":[],\"events\":[]}"), 400, "invalid-request")
                .body("detail", startsWith("events is \"repeated\""));
    }

    @Test
    void aBadElementDoesNotHarmTheOthersOfItsBatch() {
        Position before = top("orders-batch");
        String good = GOOD.replace("orders-1", "orders-batch");
        String body = "{\"events\":[" + good + ",{\"channel\":\"orders-batch\",\"type\":\"nope\",\"data\":{}},7," + good
                + "]}";

        post(BATCH, body)
                .statusCode(200)
                .contentType(ContentType.JSON)
                .body("results", hasSize(4))
                .body("results[0].cursor", equalTo(before.at(1).cursor()))
                .body("results[1].error.type", equalTo("urn:heliograph:problem:unknown-type"))
                .body("results[1].error.field", equalTo("events[1].type"))
                .body("results[2].error.field", equalTo("events[2]"))
                .body("results[3].cursor", equalTo(before.at(2).cursor()));
    }

    @Test
    void anIdempotencyKeyOfABatchCountsForEachElement() {
        Position before = top("orders-batchkey");
        String good = GOOD.replace("orders-1", "orders-batchkey");
        String body = "{\"events\":[" + good + "," + good + "]}";

        String first = postWithKey(BATCH, body, "b").statusCode(200).extract().asString();
        String second = postWithKey(BATCH, body, "b").statusCode(200).extract().asString();

        assertThat(second).isEqualTo(first);
        assertThat(top("orders-batchkey")).isEqualTo(before.at(2));
    }

    @Test
    void aBatchOfTooManyIsRefusedWhole() {
        String body = "{\"events\":[" + String.join(",", Collections.nCopies(101, GOOD)) + "]}";

        problem(post(BATCH, body), 413, "batch-too-large")
                .body("detail", equalTo("events is 101, expected at most 100 events"));
    }

    @Test
    void aBatchThatIsNoneIsRefused() {
        problem(post(BATCH, GOOD), 400, "invalid-request").body("field", equalTo("channel"));
        problem(post(BATCH, "{}"), 400, "invalid-request").body("field", equalTo("events"));
        problem(post(BATCH, "{\"events\":{}}"), 400, "invalid-request").body("field", equalTo("events"));
        problem(post(BATCH, "[]"), 400, "invalid-request");
    }

    @Test
    void aCloudEventIsPublishedOnce() {
        Position before = top("orders-ce");

        post(PUBLISH, CLOUD_EVENT, GOOD_CLOUD_EVENT.getBytes(UTF_8))
                .statusCode(201)
                .body("id", equalTo("ce-1"));
        post(PUBLISH, CLOUD_EVENT, GOOD_CLOUD_EVENT.getBytes(UTF_8))
                .statusCode(201)
                .header("Idempotent-Replayed", "true");

        assertThat(payload("orders-ce", before))
                .isEqualTo(
                        """
                        {"type":"order.updated","channel":"orders-ce","id":"ce-1","time":"2026-01-02T03:04:05Z","data":{"n":1}}""");
    }

    @Test
    void aBadCloudEventIsRefusedByName() {
        String old = GOOD_CLOUD_EVENT.replace("\"1.0\"", "\"0.3\"");

        problem(post(PUBLISH, CLOUD_EVENT, old.getBytes(UTF_8)), 400, "invalid-request")
                .body("field", equalTo("specversion"));
    }

    @Test
    void aBatchOfCloudEventsIsAnswered() {
        String body = "[" + GOOD_CLOUD_EVENT.replace("ce-1", "ce-2") + ",{}]";

        post(BATCH, CLOUD_EVENT_BATCH, body.getBytes(UTF_8))
                .statusCode(200)
                .body("results[0].id", equalTo("ce-2"))
                .body("results[1].error.field", equalTo("events[1].specversion"));
    }

    @Test
    void anotherMediaTypeIsRefused() {
        problem(post(PUBLISH, "text/plain", GOOD.getBytes(UTF_8)), 415, "unsupported-media-type")
                .body("field", equalTo("Content-Type"))
                .body("detail", containsString("expected application/json or application/cloudevents+json"));
        problem(post(PUBLISH, CLOUD_EVENT_BATCH, "[]".getBytes(UTF_8)), 415, "unsupported-media-type");
        problem(post(BATCH, CLOUD_EVENT, "[]".getBytes(UTF_8)), 415, "unsupported-media-type");
    }

    @Test
    void anotherMethodIsRefused() {
        problem(given().get(PUBLISH).then(), 405, "method-not-allowed");
    }

    @Test
    void anUnknownAddressIsRefused() {
        problem(given().get("/api/realtime/nowhere").then(), 404, "not-found");
        problem(given().get("/nowhere").then(), 404, "not-found");
    }

    /** Only the head is sent: the length that it tells is enough. */
    @Test
    void aBodyBeyondTheLimitIsRefused() throws IOException {
        String answer = answerToHead("POST " + PUBLISH, "Content-Type: application/json\r\nContent-Length: 100000000");

        assertThat(answer).startsWith("HTTP/1.1 413").contains("urn:heliograph:problem:body-too-large");
    }

    /** As curl sends what it is given, if it is not told what that is. */
    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary"})
    void aFormIsNotTakenApart(String type) {
        String long4k = GOOD.replace("1}", '"' + "x".repeat(4096) + "\"}");

        problem(post(PUBLISH, type, long4k.getBytes(UTF_8)), 415, "unsupported-media-type");
    }

    @Test
    void anExpectationThatIsNotUnderstoodIsRefused() throws IOException {
        String answer = answerToHead(
                "POST " + PUBLISH,
                "Content-Type: application/json\r\nExpect: wonders\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(answer).startsWith("HTTP/1.1 4").contains("urn:heliograph:problem:invalid-request");
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

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type: APPLICATION/JSON ; charset=utf-8", "X-None: told"})
    void jsonIsReadHoweverItIsTold(String header) throws IOException {
        String answer = answerToHead(
                "POST " + PUBLISH,
                header + "\r\nConnection: close\r\nContent-Length: " + GOOD.length() + "\r\n\r\n" + GOOD);

        assertThat(answer).startsWith("HTTP/1.1 201");
    }

    @Test
    void aMalformedMediaTypeIsRefused() {
        problem(post(PUBLISH, "garbage", GOOD.getBytes(UTF_8)), 415, "unsupported-media-type");
    }

    private static String answerToHead(String methodAndAddress, String headers) throws IOException {
        try (var socket = new Socket("127.0.0.1", RestAssured.port)) {
            socket.setSoTimeout(5000);
            String head = methodAndAddress + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private Position top(String channel) {
        return log.since(new Channel(channel), null, 1)
                .await()
                .atMost(Duration.ofSeconds(5))
                .top();
    }

    private String payload(String channel, Position after) {
        var history = log.since(new Channel(channel), after, 10).await().atMost(Duration.ofSeconds(5));
        assertThat(history.entries()).hasSize(1);
        return new String(history.entries().get(0).payload(), UTF_8);
    }

    private static Arguments bad(String channel, String type, String data, int status, String slug, String field) {
        return badText(
                "{\"channel\":\"" + channel + "\",\"type\":\"" + type + "\",\"data\":" + data + "}",
                status,
                slug,
                field);
    }

    private static Arguments badText(String body, int status, String slug, String field) {
        return Arguments.of(body, status, slug, field);
    }

    private static String with(String member) {
        return GOOD.substring(0, GOOD.length() - 1) + "," + member + "}";
    }

    private static ValidatableResponse post(String path, String body) {
        return post(path, "application/json", body.getBytes(UTF_8));
    }

    private static ValidatableResponse post(String path, String contentType, byte[] body) {
        return given().config(bytesAsTheyAre())
                .contentType(contentType)
                .body(body)
                .post(path)
                .then();
    }

    private static ValidatableResponse postWithKey(String path, String body, String key, String... more) {
        return given().contentType("application/json")
                .header("Idempotency-Key", key, (Object[]) more)
                .body(body)
                .post(path)
                .then();
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String slug) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:heliograph:problem:" + slug))
                .body("status", equalTo(status));
    }

    private static RestAssuredConfig bytesAsTheyAre() {
        return RestAssuredConfig.config()
                .encoderConfig(EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                        .encodeContentTypeAs("garbage", ContentType.TEXT)
                        .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.TEXT)
                        .encodeContentTypeAs("multipart/form-data", ContentType.TEXT)
                        .encodeContentTypeAs(CLOUD_EVENT, ContentType.TEXT)
                        .encodeContentTypeAs(CLOUD_EVENT_BATCH, ContentType.TEXT));
    }
}
