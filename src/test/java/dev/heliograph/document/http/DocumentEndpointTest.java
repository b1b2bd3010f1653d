package dev.heliograph.document.http;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.heliograph.log.Position;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents over HTTP, as docs/protocol.md has them: reading, writing and their conditions. */
@QuarkusTest
class DocumentEndpointTest extends DocumentsOverHttp {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void aPutMakesADocument() {
        Position start = top();

        Response made = request()
                .header("If-None-Match", "*")
                .body("{\"status\":\"new\"}")
                .put(path());

        answered(made, 201, start.at(1)).body(equalTo("{\"status\":\"new\"}"));
        assertThat(made.header("Last-Modified")).endsWith("GMT");
    }

    @Test
    void aGetReadsTheDocumentThatWasMade() {
        Position start = top();
        make("{\"status\":\"new\"}");

        Response read = get();

        answered(read, 200, start.at(1))
                .header("Cache-Control", "public, max-age=5, stale-while-revalidate=5")
                .contentType("application/json")
                .body(equalTo("{\"status\":\"new\"}"));
    }

    @Test
    void aPutReplacesTheVersionThatItNames() {
        Position start = top();
        String tag = make("{\"status\":\"new\"}");

        Response replaced =
                request().header("If-Match", tag).body("{\"status\":\"paid\"}").put(path());

        answered(replaced, 200, start.at(2)).body(equalTo("{\"status\":\"paid\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                MERGE_PATCH + "| {\"status\":\"paid\"} | {\"n\":1} | {\"status\":\"paid\",\"n\":1}",
                JSON_PATCH
                        + "| {\"status\":\"paid\",\"n\":1} | [{\"op\":\"remove\",\"path\":\"/n\"}]| {\"status\":\"paid\"}"
            })
    void aPatchChangesTheVersionThatItNames(String type, String document, String patch, String expected) {
        Position start = top();
        String tag = make(document);

        Response patched = patch(type, tag, patch);

        answered(patched, 200, start.at(2)).body(equalTo(expected));
    }

    @Test
    void aDeleteEndsTheVersionThatItNames() {
        Position start = top();
        String tag = make("{\"status\":\"paid\"}");

        Response deleted = given().header("If-Match", tag).delete(path());

        answered(deleted, 204, start.at(2));
        problem(get(), 404, "no-document");
    }

    @Test
    void everyChangeIsOneEventWithTheWholeDocument() {
        Position start = top();

        make("{\"status\":\"new\"}");
        answered(
                request()
                        .header("If-Match", tag(start.at(1)))
                        .body("{\"status\":\"paid\"}")
                        .put(path()),
                200,
                start.at(2));
        answered(patch(MERGE_PATCH, tag(start.at(2)), "{\"n\":1}"), 200, start.at(3));
        answered(patch(JSON_PATCH, tag(start.at(3)), "[{\"op\":\"remove\",\"path\":\"/n\"}]"), 200, start.at(4));
        answered(given().header("If-Match", tag(start.at(4))).delete(path()), 204, start.at(5));

        assertThat(payloads(start)).hasSize(5).allSatisfy(payload -> assertThat(payload)
                .startsWith("{\"type\":\"order.updated\","));
        assertThat(payloads(start).get(2))
                .endsWith("\"document\":true,\"data\":{\"document\":{\"status\":\"paid\",\"n\":1}}}");
        assertThat(payloads(start).get(4)).endsWith("\"document\":true,\"data\":{\"document\":null}}");
    }

    /** Each as a proxy makes it of the tag when it compresses. */
    @ParameterizedTest
    @ValueSource(strings = {"W/%s", "%s-gzip", "W/%s-br", "%s--gzip", "%s;zstd"})
    void changesVersionThatProxyHasMadeWeak(String form) {
        String tag = make("{}");
        String cursor = tag.replace("\"", "");
        String weak = form.startsWith("W/") ? "W/" : "";
        String changed = weak + '"' + form.replaceFirst("W/", "").replace("%s", cursor) + '"';

        given().header("If-Match", changed).get(path()).then().statusCode(200);
        patch(MERGE_PATCH, changed, "{\"a\":1}").then().statusCode(200);
        problem(patch(MERGE_PATCH, changed, "{\"a\":2}"), 412, "precondition-failed");
        get().then().body(equalTo("{\"a\":1}"));
    }

    @Test
    void answerToChangeHasContentLocation() {
        channel = channel + ";1";
        String last = channel.replace(";", "%3B");
        String address = DOCUMENTS + last;

        Response made = request().urlEncodingEnabled(false).body("{ \"a\": 1 }").put(address + "?event=order.created");

        made.then().statusCode(201).header("Content-Location", last).body(equalTo("{\"a\":1}"));
        given().contentType(MERGE_PATCH)
                .urlEncodingEnabled(false)
                .header("If-Match", made.header("ETag"))
                .body("{}")
                .patch("/" + address)
                .then()
                .statusCode(200)
                .header("Content-Location", last);
        given().contentType(MERGE_PATCH)
                .urlEncodingEnabled(false)
                .header("If-Match", "*")
                .body("{}")
                .patch(address)
                .then()
                .statusCode(200)
                .header("Content-Location", last);
        given().urlEncodingEnabled(false)
                .header("If-Match", "*")
                .delete(address)
                .then()
                .statusCode(204)
                .header("Content-Location", nullValue());
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
    }

    @Test
    void headAnswersAsGetWithoutTheBody() {
        String tag = make("{\"a\":1}");

        given().head(path())
                .then()
                .statusCode(200)
                .header("ETag", tag)
                .header("Content-Length", get().header("Content-Length"))
                .body(equalTo(""));
    }

    @Test
    void aReaderMayAskForOneVersion() {
        problem(given().header("If-Match", "*").get(path()), 404, "no-document");
        String base = make("{\"a\":1}");
        String tag = patch(MERGE_PATCH, base, "{\"a\":2}").header("ETag");

        for (String met : List.of(tag, "*")) {
            given().header("If-Match", met).get(path()).then().statusCode(200).body(equalTo("{\"a\":2}"));
            given().header("If-Match", met).head(path()).then().statusCode(200);
            given().header("If-Match", met)
                    .header("If-None-Match", tag)
                    .get(path())
                    .then()
                    .statusCode(304);
        }
        problem(given().header("If-Match", base).get(path()), 412, "precondition-failed")
                .body("field", equalTo("If-Match"))
                .body("etag", equalTo(tag))
                .body("conflicts", nullValue());
        given().header("If-Match", base).head(path()).then().statusCode(412);
        problem(given().header("If-Match", base).header("If-None-Match", tag).get(path()), 412, "precondition-failed");
        String date = get().header("Last-Modified");
        problem(given().header("If-Unmodified-Since", date).get(path()), 400, "invalid-request")
                .body("field", equalTo("If-Unmodified-Since"))
                .body("detail", containsString("If-Match"));
        given().header("If-Unmodified-Since", date)
                .header("If-Match", tag)
                .get(path())
                .then()
                .statusCode(200);
    }

    @Test
    void theDateCountsOnlyWithoutATag() {
        make("{\"a\":1}");
        String told = get().header("Last-Modified");
        given().header("If-Modified-Since", told).get(path()).then().statusCode(200);
        String modified = RFC_1123_DATE_TIME.format(
                RFC_1123_DATE_TIME.parse(told, ZonedDateTime::from).plusSeconds(1));
        // What is yet to come is no date that counts.
        await().atMost(LIMIT)
                .until(() -> given().header("If-Modified-Since", modified)
                                .get(path())
                                .statusCode()
                        == 304);
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
    void aPutWithoutAConditionMakesADocument() {
        request().body("{\"a\":1}").put(path()).then().statusCode(201);
    }

    @Test
    void aChangeWithoutAConditionIsRefused() {
        make("{\"a\":1}");

        problem(request().body("{\"a\":2}").put(path()), 428, "precondition-required")
                .body("field", equalTo("If-Match"));
        problem(given().contentType(MERGE_PATCH).body("{}").patch(path()), 428, "precondition-required");
        problem(given().delete(path()), 428, "precondition-required");

        get().then().body(equalTo("{\"a\":1}"));
    }

    @Test
    void aStarChangesAnyPresentVersion() {
        make("{\"a\":1}");

        request().header("If-Match", "*").body("{\"a\":2}").put(path()).then().statusCode(200);
        patch(MERGE_PATCH, "*", "{\"b\":1}").then().statusCode(200).body(equalTo("{\"a\":2,\"b\":1}"));
        given().header("If-Match", "*").delete(path()).then().statusCode(204);
    }

    @Test
    void aStarDoesNotReplaceADeletedDocument() {
        make("{\"a\":1}");
        given().header("If-Match", "*").delete(path()).then().statusCode(204);

        problem(request().header("If-Match", "*").body("{}").put(path()), 412, "precondition-failed")
                .body("current", nullValue());
    }

    @Test
    void missingDocumentIsNotPatchedOrDeleted() {
        problem(patch(MERGE_PATCH, "\"x-1\"", "{}"), 404, "no-document");
        problem(patch(JSON_PATCH, "*", "[]"), 404, "no-document");
        problem(given().header("If-Match", "*").delete(path()), 404, "no-document");
        problem(get(), 404, "no-document");
    }

    @Test
    void theWriterMayChooseTheTypeOfTheEvent() {
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
    }

    @Test
    void requiresTypeFromWriterIfNamespaceHasNone() {
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
    void aFirehoseHasNoDocument() {
        for (String firehose : List.of("orders", "orders.*")) {
            problem(request().body("{}").put(DOCUMENTS + firehose), 400, "invalid-channel")
                    .body("field", equalTo("channel"));
            problem(given().get(DOCUMENTS + firehose), 400, "invalid-channel");
        }
    }

    private static ValidatableResponse answered(Response answer, int status, Position version) {
        return answer.then().statusCode(status).header("ETag", tag(version));
    }
}
