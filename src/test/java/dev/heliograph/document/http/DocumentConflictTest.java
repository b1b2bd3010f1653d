package dev.heliograph.document.http;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.heliograph.log.Position;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a writer of a stale version is told, and when its change is merged. */
@QuarkusTest
class DocumentConflictTest extends DocumentsOverHttp {
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
    void deletingAStaleVersionShowsThePresentDocument() {
        String base = make("{\"a\":1}");
        patch(MERGE_PATCH, base, "{\"a\":2}");

        Response refused = given().header("If-Match", base).delete(path());

        problem(refused, 412, "precondition-failed");
        assertThat(refused.asString())
                .contains("\"conflicts\":[{\"pointer\":\"\",\"base\":{\"a\":1},\"theirs\":{\"a\":2}}]")
                .contains("\"optimistic\":null");
    }

    @Test
    void makingAnExistingDocumentShowsThePresentOne() {
        make("{\"a\":1,\"b\":1}");

        Response refused =
                request().header("If-None-Match", "*").body("{\"a\":2}").put(path());

        problem(refused, 412, "precondition-failed").body("field", equalTo("If-None-Match"));
        assertThat(refused.asString())
                .contains("\"conflicts\":[{\"pointer\":\"/a\",\"theirs\":1,\"yours\":2}]")
                .contains("\"merged\":[\"/b\"]");
    }

    @Test
    void replacingAnyVersionNamesNoBase() {
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
    void refusesToMergePatchThatDoesNotFitItsBase() {
        String base = make("{\"a\":1}");
        patch(MERGE_PATCH, base, "{\"a\":2}");
        String unfit = "[{\"op\":\"remove\",\"path\":\"/b\"}]";

        problem(patch(JSON_PATCH, base, unfit), 412, "precondition-failed").body("base", equalTo("known"));
        problem(merge(JSON_PATCH, base, unfit), 409, "patch-not-applicable");
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
}
