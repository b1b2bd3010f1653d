package dev.heliograph.document.http;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Headers, parameters and media types of a request, and what is refused of them. */
@QuarkusTest
class DocumentRequestTest extends DocumentsOverHttp {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void conditionsThatCannotBeMeantAreRefused() {
        make("{}");

        for (String condition : List.of("W/a-1", "w/\"a-1\"", "\"a-1\", W/\"a-2\"", "a-1", "\"a", "", "*, \"a\"")) {
            problem(patch(MERGE_PATCH, condition, "{}"), 400, "invalid-request").body("field", equalTo("If-Match"));
        }
        for (String condition : List.of("\"a-1\"", "a-1")) {
            refusesToPut(request().header("If-None-Match", condition), "If-None-Match");
        }
        refusesToPut(request().header("If-None-Match", "*").header("If-Match", "*"), "If-None-Match");
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
            refusesToPut(request().queryParam("strategy", strategy).header("If-Match", "\"a-1\""), "strategy");
        }
        refusesToPut(request().queryParam("strategy", "merge").header("If-Match", "*"), "strategy");
        refusesToPut(request().queryParam("event", "order.updated", "order.created"), "event");
        problem(given().get(DOCUMENTS + "nonsense-1"), 404, "unknown-namespace");
        problem(given().get(DOCUMENTS + "orders!1"), 400, "invalid-channel");
        refusesToPut(request().header("Idempotency-Key", "k".repeat(256)), "Idempotency-Key");
    }

    @Test
    void aSecondIdempotencyKeyIsRefused() {
        refusesToPut(request().header("Idempotency-Key", "a", "b"), "Idempotency-Key");
        problem(
                        given().header("Idempotency-Key", "a", "a")
                                .header("If-Match", "*")
                                .delete(path()),
                        400,
                        "invalid-request")
                .body("field", equalTo("Idempotency-Key"));
    }

    @Test
    void aPartOfADocumentIsNotPutInItsPlace() {
        make("{\"a\":1}");

        refusesToPut(request().header("Content-Range", "bytes 0-1/9").header("If-Match", "*"), "Content-Range");
        get().then().body(equalTo("{\"a\":1}"));
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
    void refusedRequestIsMeasuredUnderTheNameOfTheEndpoint() {
        make("{}");

        problem(put("{}"), 428, "precondition-required");

        await().atMost(LIMIT).untilAsserted(() -> assertThat(Metrics.globalRegistry
                        .find("http.server.requests")
                        .tag("status", "428")
                        .timers())
                .isNotEmpty()
                .allSatisfy(timer -> assertThat(timer.getId().getTag("uri")).isEqualTo(DOCUMENTS + "{channel}")));
    }

    private void refusesToPut(RequestSpecification request, String field) {
        problem(request.body("{}").put(path()), 400, "invalid-request").body("field", equalTo(field));
    }
}
