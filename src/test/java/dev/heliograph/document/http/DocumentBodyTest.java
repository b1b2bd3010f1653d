package dev.heliograph.document.http;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The JSON of documents and patches: what is kept as it is, and what is refused. */
@QuarkusTest
class DocumentBodyTest extends DocumentsOverHttp {
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
    void bodyThatIsNoDocumentIsRefused() {
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
    void documentsMayBeLargerThanEvents() {
        String large = "{\"x\":\"" + "x".repeat(200 * 1024) + "\"}";

        put(large).then().statusCode(201);

        get().then().body(equalTo(large));
        problem(patch(MERGE_PATCH, "*", "{\"y\":\"" + "y".repeat(60 * 1024) + "\"}"), 413, "document-too-large");
    }

    @Test
    void readsAndMergesDocumentOfGreatestDepth() {
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
    void refusesUnfitPatchAndChangesNothing() {
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
}
