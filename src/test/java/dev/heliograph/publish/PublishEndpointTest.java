package dev.heliograph.publish;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.heliograph.log.Position;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One event over HTTP: what is accepted, what tells a repeat, and what is refused. */
@QuarkusTest
class PublishEndpointTest extends EventsOverHttp {
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
    void eventIdAlsoIdentifiesRepeat() {
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
    void anotherMethodIsRefused() {
        problem(given().get(PUBLISH).then(), 405, "method-not-allowed");
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
}
