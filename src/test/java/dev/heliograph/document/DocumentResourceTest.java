package dev.heliograph.document;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Position;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents over HTTP, as docs/protocol.md has them. */
@QuarkusTest
class DocumentResourceTest {
    private static final String DOCUMENTS = "/api/realtime/documents/";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String JSON_PATCH = "application/json-patch+json";

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Inject
    EventLog log;

    private String channel;

    @BeforeEach
    void takeNewChannel() {
        channel = "orders-" + UUID.randomUUID();
    }

    @Test
    void aDocumentIsMadeReadChangedAndDeleted() {
        Position start = top();

        Response made = request()
                .header("If-None-Match", "*")
                .body("{\"status\":\"new\"}")
                .put(path());
        made.then().statusCode(201).header("ETag", tag(start.at(1))).body(equalTo("{\"status\":\"new\"}"));
        assertThat(made.header("Last-Modified")).endsWith("GMT");

        get().then()
                .statusCode(200)
                .header("ETag", tag(start.at(1)))
                .header("Cache-Control", "public, max-age=5, stale-while-revalidate=5")
                .contentType("application/json")
                .body(equalTo("{\"status\":\"new\"}"));

        request()
                .header("If-Match", tag(start.at(1)))
                .body("{\"status\":\"paid\"}")
                .put(path())
                .then()
                .statusCode(200)
                .header("ETag", tag(start.at(2)))
                .body(equalTo("{\"status\":\"paid\"}"));
        patch(MERGE_PATCH, tag(start.at(2)), "{\"n\":1}")
                .then()
                .statusCode(200)
                .header("ETag", tag(start.at(3)))
                .body(equalTo("{\"status\":\"paid\",\"n\":1}"));
        patch(JSON_PATCH, tag(start.at(3)), "[{\"op\":\"remove\",\"path\":\"/n\"}]")
                .then()
                .statusCode(200)
                .header("ETag", tag(start.at(4)))
                .body(equalTo("{\"status\":\"paid\"}"));
        given().header("If-Match", tag(start.at(4)))
                .delete(path())
                .then()
                .statusCode(204)
                .header("ETag", tag(start.at(5)));

        get().then().statusCode(404).body("type", equalTo("urn:heliograph:problem:no-document"));
        assertThat(payloads(start)).hasSize(5).allSatisfy(payload -> assertThat(payload)
                .startsWith("{\"type\":\"order.updated\","));
        assertThat(payloads(start).get(2))
                .endsWith("\"document\":true,\"data\":{\"document\":{\"status\":\"paid\",\"n\":1}}}");
        assertThat(payloads(start).get(4)).endsWith("\"document\":true,\"data\":{\"document\":null}}");
    }

    @Test
    void aClientThatHasTheVersionIsToldSo() {
        String tag = make("{\"a\":1}");

        for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            given().header("If-None-Match", known)
                    .get(path())
                    .then()
                    .statusCode(304)
                    .header("ETag", tag)
                    .header("Cache-Control", containsString("max-age=5"))
                    .body(equalTo(""));
        }
        given().header("If-None-Match", "\"other\"").get(path()).then().statusCode(200);
        given().head(path()).then().statusCode(200).header("ETag", tag).body(equalTo(""));
    }

    @Test
    void theDateCountsOnlyWithoutATag() {
        make("{\"a\":1}");
        // Of the very second of the change, the date is no good.
        await().atMost(LIMIT)
                .until(() -> given().header("If-Modified-Since", get().header("Last-Modified"))
                                .get(path())
                                .statusCode()
                        == 304);
        String modified = get().header("Last-Modified");
        given().header("If-Modified-Since", "Thu, 01 Jan 2026 00:00:00 GMT")
                .get(path())
                .then()
                .statusCode(200);
        given().header("If-Modified-Since", "yesterday").get(path()).then().statusCode(200);
        given().header("If-Modified-Since", modified)
                .header("If-None-Match", "\"other\"")
                .get(path())
                .then()
                .statusCode(200);
    }

    @Test
    void aPutWithoutAConditionMakesAndDoesNotReplace() {
        request().body("{\"a\":1}").put(path()).then().statusCode(201);

        problem(request().body("{\"a\":2}").put(path()), 428, "precondition-required")
                .body("field", equalTo("If-Match"));
        problem(given().contentType(MERGE_PATCH).body("{}").patch(path()), 428, "precondition-required");
        problem(given().delete(path()), 428, "precondition-required");
        get().then().body(equalTo("{\"a\":1}"));
    }

    @Test
    void anyVersionMayBeChanged() {
        make("{\"a\":1}");

        request().header("If-Match", "*").body("{\"a\":2}").put(path()).then().statusCode(200);
        patch(MERGE_PATCH, "*", "{\"b\":1}").then().statusCode(200).body(equalTo("{\"a\":2,\"b\":1}"));
        given().header("If-Match", "*").delete(path()).then().statusCode(204);
        problem(request().header("If-Match", "*").body("{}").put(path()), 412, "precondition-failed")
                .body("current", nullValue());
    }

    @Test
    void theWriterOrTheNamespaceChoosesTheTypeOfTheEvent() {
        Position start = top();

        request()
                .queryParam("event", "order.created")
                .body("{}")
                .put(path())
                .then()
                .statusCode(201);

        assertThat(payloads(start).get(0)).startsWith("{\"type\":\"order.created\",");
        problem(request().queryParam("event", "order.eaten").body("{}").put(path()), 400, "unknown-type")
                .body("field", equalTo("event"));
        problem(request().body("{}").put(DOCUMENTS + "drivers-1"), 400, "invalid-request")
                .body("field", equalTo("event"))
                .body("detail", containsString("heliograph.namespaces.drivers.document-type"));
        request()
                .queryParam("event", "driver.status")
                .body("{}")
                .put(DOCUMENTS + "drivers-" + UUID.randomUUID())
                .then()
                .statusCode(201);
    }

    @Test
    void numbersAreKeptAsTheyAreThroughPatches() {
        String tag =
                make("{\"price\":1.10,\"big\":12345678901234567890,\"huge\":1E+400,\"tiny\":0.1000000000000000000001}");

        tag = patch(MERGE_PATCH, tag, "{\"more\":98765432109876543210.123456789}")
                .header("ETag");
        patch(JSON_PATCH, tag, "[{\"op\":\"copy\",\"from\":\"/big\",\"path\":\"/copy\"}]");

        get().then()
                .body(equalTo(
                        "{\"price\":1.10,\"big\":12345678901234567890,\"huge\":1E+400,\"tiny\":0.1000000000000000000001,"
                                + "\"more\":98765432109876543210.123456789,\"copy\":12345678901234567890}"));
    }

    @Test
    void aStaleWriterIsToldHowToReconcile() {
        String base = make("{\"status\":\"new\",\"price\":1.10,\"note\":\"a\"}");
        String current =
                patch(MERGE_PATCH, base, "{\"status\":\"paid\",\"note\":\"b\"}").header("ETag");

        Response refused = patch(MERGE_PATCH, base, "{\"status\":\"lost\",\"price\":1.20}");

        problem(refused, 412, "precondition-failed")
                .body("field", equalTo("If-Match"))
                .body("retryable", equalTo(true));
        String body = refused.asString();
        assertThat(body)
                .contains("\"current\":{\"status\":\"paid\",\"price\":1.10,\"note\":\"b\"}")
                .contains("\"etag\":\"" + current.replace("\"", "\\\"") + "\"")
                .contains("\"base\":\"known\"")
                .contains(
                        "\"conflicts\":[{\"pointer\":\"/status\",\"base\":\"new\",\"theirs\":\"paid\",\"yours\":\"lost\"}]")
                .contains("\"merged\":[\"/price\",\"/note\"]")
                .contains("\"optimistic\":{\"status\":\"lost\",\"price\":1.20,\"note\":\"a\"}")
                .contains("\"server\":{\"status\":\"paid\",\"price\":1.10,\"note\":\"b\"}")
                .contains("\"merge\":{\"status\":\"paid\",\"price\":1.20,\"note\":\"b\"}");
        get().then().header("ETag", current);
    }

    @Test
    void whoeverDeletesAStaleVersionIsToldWhatIsThere() {
        String base = make("{\"a\":1}");
        patch(MERGE_PATCH, base, "{\"a\":2}");

        Response refused = given().header("If-Match", base).delete(path());

        problem(refused, 412, "precondition-failed");
        assertThat(refused.asString())
                .contains("\"conflicts\":[{\"pointer\":\"\",\"base\":{\"a\":1},\"theirs\":{\"a\":2}}]")
                .contains("\"optimistic\":null");
    }

    @Test
    void whoeverMakesWhatExistsIsToldWhatIsThere() {
        make("{\"a\":1,\"b\":1}");

        Response refused =
                request().header("If-None-Match", "*").body("{\"a\":2}").put(path());

        problem(refused, 412, "precondition-failed").body("field", equalTo("If-None-Match"));
        assertThat(refused.asString())
                .contains("\"conflicts\":[{\"pointer\":\"/a\",\"theirs\":1,\"yours\":2}]")
                .contains("\"merged\":[\"/b\"]");
    }

    @Test
    void whoeverReplacesWhateverIsThereNamesNoBase() {
        Response refused = request().header("If-Match", "*").body("{\"a\":1}").put(path());

        problem(refused, 412, "precondition-failed").body("field", equalTo("If-Match"));
        assertThat(refused.asString())
                .contains("\"current\":null,\"base\":\"none\"")
                .contains("\"conflicts\":[{\"pointer\":\"\",\"yours\":{\"a\":1}}],\"merged\":[]")
                .contains("\"proposals\":{\"optimistic\":{\"a\":1},\"server\":null,\"merge\":null}");
    }

    @Test
    void aVersionThatNoHistoryKnowsIsForeign() {
        make("{\"a\":1,\"b\":1}");

        for (String foreign : List.of("\"nonsense\"", "\"other-3\"", tag(top().at(99)), tag(top().at(0)))) {
            Response refused = patch(MERGE_PATCH, foreign, "{\"a\":2}");

            problem(refused, 412, "precondition-failed").body("base", equalTo("foreign"));
            assertThat(refused.asString()).contains("\"conflicts\":[{\"pointer\":\"/a\",\"theirs\":1,\"yours\":2}]");
        }
    }

    @Test
    void aVersionThatTheHistoryForgotIsTrimmed() {
        String base = make("{\"a\":1}");
        patch(MERGE_PATCH, base, "{\"a\":2}");
        String events = "{\"events\":["
                + ("{\"channel\":\"" + channel + "\",\"type\":\"order.created\",\"data\":{}},").repeat(99)
                + "{\"channel\":\"" + channel + "\",\"type\":\"order.created\",\"data\":{}}]}";
        for (int i = 0; i < 10; i++) {
            request().body(events).post("/api/realtime/publish/batch").then().statusCode(200);
        }

        problem(patch(MERGE_PATCH, base, "{\"b\":1}"), 412, "precondition-failed")
                .body("base", equalTo("trimmed"));
        problem(merge(MERGE_PATCH, base, "{\"b\":1}"), 412, "precondition-failed")
                .body("base", equalTo("trimmed"));
    }

    @Test
    void anEventThatOnlyLooksLikeAChangeIsNoVersion() {
        make("{\"a\":1}");
        String published = request()
                .body("{\"channel\":\"" + channel + "\",\"type\":\"order.updated\",\"data\":{\"document\":{\"a\":9}}}")
                .post("/api/realtime/publish")
                .then()
                .statusCode(201)
                .extract()
                .path("cursor");

        problem(merge(MERGE_PATCH, '"' + published + '"', "{\"b\":1}"), 412, "precondition-failed")
                .body("base", equalTo("foreign"));
    }

    @Test
    void aStalePatchThatDoesNotFitIsStale() {
        make("{\"a\":1}");

        Response refused = patch(JSON_PATCH, "\"other-3\"", "[{\"op\":\"remove\",\"path\":\"/b\"}]");

        problem(refused, 412, "precondition-failed").body("base", equalTo("foreign"));
        assertThat(refused.asString())
                .contains("\"current\":{\"a\":1}")
                .contains("\"proposals\":{\"server\":{\"a\":1}}");
    }

    @Test
    void aPatchThatDoesNotFitItsOwnBaseIsNotMerged() {
        String base = make("{\"a\":1}");
        patch(MERGE_PATCH, base, "{\"a\":2}");
        String unfit = "[{\"op\":\"remove\",\"path\":\"/b\"}]";

        problem(patch(JSON_PATCH, base, unfit), 412, "precondition-failed").body("base", equalTo("known"));
        problem(merge(JSON_PATCH, base, unfit), 409, "patch-not-applicable");
    }

    @Test
    void aFirehoseHasNoDocument() {
        for (String firehose : List.of("orders", "orders.*")) {
            problem(request().body("{}").put(DOCUMENTS + firehose), 400, "invalid-channel")
                    .body("field", equalTo("channel"));
            problem(given().get(DOCUMENTS + firehose), 400, "invalid-channel");
        }
    }

    @Test
    void changesThatDoNotConflictAreMergedOnRequest() {
        String base = make("{\"a\":1,\"b\":1}");
        patch(MERGE_PATCH, base, "{\"a\":2}");
        Position before = top();

        Response merged = merge(MERGE_PATCH, base, "{\"b\":2}");

        merged.then()
                .statusCode(200)
                .header("Document-Merged", "true")
                .header("ETag", tag(before.at(before.offset() + 1)))
                .body(equalTo("{\"a\":2,\"b\":2}"));
        assertThat(payloads(before)).hasSize(1);
        problem(merge(MERGE_PATCH, base, "{\"a\":3}"), 412, "precondition-failed");
        request()
                .queryParam("strategy", "merge")
                .header("If-Match", base)
                .body("{\"a\":1,\"b\":1,\"c\":1}")
                .put(path())
                .then()
                .statusCode(200)
                .body(equalTo("{\"a\":2,\"b\":2,\"c\":1}"));
    }

    @Test
    void aCurrentVersionIsNotMerged() {
        String base = make("{\"a\":1}");

        merge(MERGE_PATCH, base, "{\"a\":2}").then().statusCode(200).header("Document-Merged", nullValue());
    }

    @Test
    void aRepeatedWriteIsAnsweredAsTheFirstWas() {
        String base = make("{\"n\":1}");
        RequestSpecification write = given().contentType(MERGE_PATCH)
                .header("If-Match", base)
                .header("Idempotency-Key", "k")
                .body("{\"n\":2}");
        Response first = write.patch(path());
        patch(MERGE_PATCH, first.header("ETag"), "{\"n\":3}");
        Position before = top();

        Response second = write.patch(path());

        second.then()
                .statusCode(200)
                .header("Idempotent-Replayed", "true")
                .header("ETag", first.header("ETag"))
                .body(equalTo("{\"n\":2}"));
        first.then().header("Idempotent-Replayed", nullValue());
        assertThat(top()).isEqualTo(before);
        get().then().body(equalTo("{\"n\":3}"));
    }

    @Test
    void aRepeatedCreationAndDeletionAreAnsweredAsTheFirstWere() {
        for (int i = 0; i < 2; i++) {
            request()
                    .header("Idempotency-Key", "make")
                    .body("{}")
                    .put(path())
                    .then()
                    .statusCode(201);
        }
        for (int i = 0; i < 2; i++) {
            given().header("Idempotency-Key", "end")
                    .header("If-Match", "*")
                    .delete(path())
                    .then()
                    .statusCode(204);
        }
        assertThat(top().offset()).isEqualTo(2);
    }

    @Test
    void aKeyOfAnotherChangeIsRefused() {
        RequestSpecification made = request().header("Idempotency-Key", "k");
        made.body("{\"n\":1}").put(path()).then().statusCode(201);
        Position before = top();

        problem(made.body("{\"n\":2}").put(path()), 422, "idempotency-key-reused")
                .body("field", equalTo("Idempotency-Key"));
        problem(
                given().header("Idempotency-Key", "k").header("If-Match", "*").delete(path()),
                422,
                "idempotency-key-reused");
        assertThat(top()).isEqualTo(before);
        get().then().body(equalTo("{\"n\":1}"));
    }

    @Test
    void aKeyOfAnEventIsNotOneOfADocument() {
        request()
                .header("Idempotency-Key", "same")
                .body("{\"channel\":\"" + channel + "\",\"type\":\"order.created\",\"data\":{}}")
                .post("/api/realtime/publish")
                .then()
                .statusCode(201);

        request()
                .header("Idempotency-Key", "same")
                .body("{}")
                .put(path())
                .then()
                .statusCode(201)
                .header("Idempotent-Replayed", nullValue());
    }

    @Test
    void whatIsNotThereIsNotPatchedOrDeleted() {
        problem(patch(MERGE_PATCH, "\"x-1\"", "{}"), 404, "no-document");
        problem(patch(JSON_PATCH, "*", "[]"), 404, "no-document");
        problem(given().header("If-Match", "*").delete(path()), 404, "no-document");
        problem(get(), 404, "no-document");
    }

    @Test
    void conditionsThatCannotBeMeantAreRefused() {
        make("{}");

        for (String condition : List.of("W/\"a-1\"", "\"a-1\", \"a-2\"", "a-1", "\"a", "", "*, \"a\"")) {
            problem(patch(MERGE_PATCH, condition, "{}"), 400, "invalid-request").body("field", equalTo("If-Match"));
        }
        for (String condition : List.of("\"a-1\"", "a-1")) {
            problem(request().header("If-None-Match", condition).body("{}").put(path()), 400, "invalid-request")
                    .body("field", equalTo("If-None-Match"));
        }
        problem(
                        request()
                                .header("If-None-Match", "*")
                                .header("If-Match", "*")
                                .body("{}")
                                .put(path()),
                        400,
                        "invalid-request")
                .body("field", equalTo("If-None-Match"));
        problem(given().header("If-None-Match", "a-1").get(path()), 400, "invalid-request");
    }

    @Test
    void parametersThatAreNotUnderstoodAreRefused() {
        make("{}");

        problem(given().queryParam("colour", "red").get(path()), 400, "invalid-request")
                .body("field", equalTo("colour"));
        problem(given().queryParam("event", "order.updated").get(path()), 400, "invalid-request");
        problem(given().queryParam("strategy", "merge").header("If-Match", "*").delete(path()), 400, "invalid-request")
                .body("field", equalTo("strategy"));
        for (String strategy : List.of("optimistic", "server", "", "MERGE")) {
            problem(
                            request()
                                    .queryParam("strategy", strategy)
                                    .header("If-Match", "\"a-1\"")
                                    .body("{}")
                                    .put(path()),
                            400,
                            "invalid-request")
                    .body("field", equalTo("strategy"));
        }
        problem(
                        request()
                                .queryParam("strategy", "merge")
                                .header("If-Match", "*")
                                .body("{}")
                                .put(path()),
                        400,
                        "invalid-request")
                .body("field", equalTo("strategy"));
        problem(
                        request()
                                .queryParam("event", "order.updated", "order.created")
                                .body("{}")
                                .put(path()),
                        400,
                        "invalid-request")
                .body("field", equalTo("event"));
        problem(given().get(DOCUMENTS + "nonsense-1"), 404, "unknown-namespace");
        problem(given().get(DOCUMENTS + "orders!1"), 400, "invalid-channel");
        problem(request().header("Idempotency-Key", "k".repeat(256)).body("{}").put(path()), 400, "invalid-request")
                .body("field", equalTo("Idempotency-Key"));
    }

    @Test
    void otherMediaTypesAreRefusedWithThoseThatAreRead() {
        make("{}");
        Counter refusals = Metrics.counter(
                "heliograph_problem_answers",
                "category",
                "validation",
                "severity",
                "low",
                "type",
                "unsupported-media-type");
        double before = refusals.count();

        problem(
                        given().contentType("application/json")
                                .header("If-Match", "*")
                                .body("{}")
                                .patch(path()),
                        415,
                        "unsupported-media-type")
                .header("Accept-Patch", MERGE_PATCH + ", " + JSON_PATCH);
        assertThat(refusals.count()).isGreaterThan(before);
        problem(given().contentType("text/plain").body("{}").put(path()), 415, "unsupported-media-type");
        given().contentType(MERGE_PATCH + "; charset=utf-8")
                .header("If-Match", "*")
                .body("{}")
                .patch(path())
                .then()
                .statusCode(200);
    }

    @Test
    void whatIsNoDocumentIsRefused() {
        String deep = "{\"a\":".repeat(128) + "{}" + "}".repeat(128);
        problem(put(deep), 400, "invalid-request").body("detail", containsString("128"));
        problem(put("{\"a\":".repeat(100_00)), 400, "invalid-request");
        problem(put("[1]"), 400, "invalid-request");
        problem(put("null"), 400, "invalid-request");
        problem(put(""), 400, "malformed-json");
        problem(put("{\"a\":1}x"), 400, "malformed-json");
        problem(put("{\"a\":01}"), 400, "malformed-json");
        problem(put("{\"a\":NaN}"), 400, "malformed-json");
        problem(put("{\"a\":{\"b/c\":1,\"b/c\":2}}"), 400, "invalid-request").body("field", equalTo("/a/b~1c"));
        problem(put("{\"a\":1,\"\\u0061\":2}"), 400, "invalid-request").body("field", equalTo("/a"));
        problem(put("{\"a\":\"\\ud800\"}"), 400, "invalid-request").body("field", equalTo("/a"));
        problem(put("{\"a\":1e99999999999}"), 400, "invalid-request").body("field", equalTo("/a"));
        problem(put("{\"a\":" + "9".repeat(2000) + "}"), 400, "invalid-request");
        problem(put("{\"x\":\"" + "x".repeat(256 * 1024) + "\"}"), 413, "document-too-large");
        problem(put("{\"a\":\"\u00e9\"}".getBytes(ISO_8859_1)), 400, "invalid-utf8");
        get().then().statusCode(404);
    }

    @Test
    void aDocumentThatCouldNotBeReadAgainIsNotMade() {
        for (String number : List.of("12e2147483647", "1".repeat(998) + "e5")) {
            problem(put("{\"a\":" + number + "}"), 400, "invalid-request").body("field", equalTo("/a"));
        }
        get().then().statusCode(404);
        put("{\"a\":12e999999997}").then().statusCode(201);
        patch(MERGE_PATCH, "*", "{\"b\":1}").then().statusCode(200).body(equalTo("{\"a\":1.2E+999999998,\"b\":1}"));
        given().header("If-Match", "*").delete(path()).then().statusCode(204);
    }

    @Test
    void documentsLargerThanEventsMayBe() {
        String large = "{\"x\":\"" + "x".repeat(200 * 1024) + "\"}";

        put(large).then().statusCode(201);

        get().then().body(equalTo(large));
        problem(patch(MERGE_PATCH, "*", "{\"y\":\"" + "y".repeat(60 * 1024) + "\"}"), 413, "document-too-large");
    }

    @Test
    void aDocumentAsDeepAsMayBeIsReadBackAndMerged() {
        String deep = "{\"a\":".repeat(127) + "{}" + "}".repeat(127);
        String base = make(deep);
        patch(JSON_PATCH, base, "[{\"op\":\"add\",\"path\":\"/b\",\"value\":1}]")
                .then()
                .statusCode(200);

        merge(JSON_PATCH, base, "[{\"op\":\"add\",\"path\":\"/c\",\"value\":1}]")
                .then()
                .statusCode(200);
        problem(
                        patch(
                                JSON_PATCH,
                                "*",
                                "[{\"op\":\"add\",\"path\":\"" + "/a".repeat(127) + "/x\",\"value\":{}}]"),
                        422,
                        "invalid-document")
                .body("field", equalTo("[0].path"));
    }

    @Test
    void aMalformedPatchIsRefused() {
        make("{\"a\":1}");

        problem(patch(MERGE_PATCH, "*", "[]"), 400, "invalid-patch");
        problem(patch(JSON_PATCH, "*", "{}"), 400, "invalid-patch");
        problem(patch(JSON_PATCH, "*", "[7]"), 400, "invalid-patch").body("field", equalTo("[0]"));
        problem(patch(JSON_PATCH, "*", ""), 400, "malformed-json");
        problem(patch(JSON_PATCH, "*", "[{\"op\":\"eat\",\"path\":\"/a\"}]"), 400, "invalid-patch")
                .body("field", equalTo("[0].op"));
    }

    @Test
    void aPatchThatDoesNotFitIsRefusedAndNothingIsChanged() {
        String tag = make("{\"a\":1}");

        problem(
                        patch(
                                JSON_PATCH,
                                "*",
                                "[{\"op\":\"add\",\"path\":\"/b\",\"value\":1},{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]"),
                        409,
                        "patch-not-applicable")
                .body("field", equalTo("[1].value"))
                .body("detail", containsString("[1] test /a"));
        problem(patch(JSON_PATCH, "*", "[{\"op\":\"remove\",\"path\":\"\"}]"), 422, "invalid-document");
        get().then().header("ETag", tag).body(equalTo("{\"a\":1}"));
    }

    private String make(String json) {
        return request()
                .header("If-None-Match", "*")
                .body(json)
                .put(path())
                .then()
                .statusCode(201)
                .extract()
                .header("ETag");
    }

    private Response put(Object body) {
        return request()
                .body(body instanceof byte[] bytes ? bytes : ((String) body).getBytes(UTF_8))
                .put(path());
    }

    private Response get() {
        return given().get(path());
    }

    private Response patch(String type, String ifMatch, String patch) {
        return given().config(plain())
                .contentType(type)
                .header("If-Match", ifMatch)
                .body(patch.getBytes(UTF_8))
                .patch(path());
    }

    private Response merge(String type, String ifMatch, String patch) {
        return given().queryParam("strategy", "merge")
                .contentType(type)
                .header("If-Match", ifMatch)
                .body(patch)
                .patch(path());
    }

    private static RequestSpecification request() {
        return given().config(plain()).contentType("application/json");
    }

    /** Sends the Content-Type as it is. */
    private static RestAssuredConfig plain() {
        return RestAssuredConfig.config()
                .encoderConfig(EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                        .defaultContentCharset(UTF_8));
    }

    private static ValidatableResponse problem(Response answer, int status, String slug) {
        return answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("status", equalTo(status))
                .body("type", equalTo("urn:heliograph:problem:" + slug));
    }

    private String path() {
        return DOCUMENTS + channel;
    }

    private static String tag(Position version) {
        return '"' + version.cursor() + '"';
    }

    private Position top() {
        return log.since(new Channel(channel), null, 1)
                .await()
                .atMost(Duration.ofSeconds(5))
                .top();
    }

    private List<String> payloads(Position after) {
        return log.since(new Channel(channel), after, 100).await().atMost(Duration.ofSeconds(5)).entries().stream()
                .map(Entry::payload)
                .map(payload -> new String(payload, UTF_8))
                .toList();
    }
}
