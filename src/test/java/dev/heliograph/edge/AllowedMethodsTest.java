package dev.heliograph.edge;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class AllowedMethodsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | publish                  | POST, OPTIONS",
                "PUT    | publish/batch            | POST, OPTIONS",
                "POST   | poll                     | GET, HEAD, OPTIONS",
                "DELETE | channels/orders-1/events | GET, HEAD, OPTIONS",
                "POST   | sse                      | GET, HEAD, OPTIONS",
                "POST   | cache                    | GET, HEAD, DELETE, OPTIONS",
                "GET    | cache/invalidate         | POST, OPTIONS",
                "GET    | cache/orders-1           | DELETE, OPTIONS",
                "GET    | tickets                  | POST, OPTIONS",
                "PUT    | revocations              | GET, HEAD, POST, DELETE, OPTIONS",
                "BREW   | publish                  | POST, OPTIONS",
                "GET    | sessions/abc/refresh     | POST, OPTIONS",
                "POST   | documents/orders-1       | GET, HEAD, PUT, PATCH, DELETE, OPTIONS",
            })
    void anotherMethodIsToldWhichAreUnderstood(String method, String path, String allowed) {
        problem(given().request(method, "/api/realtime/" + path), 405, "method-not-allowed")
                .header("Allow", allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "publish                  | POST, OPTIONS",
                "poll                     | GET, HEAD, OPTIONS",
                "sse                      | GET, HEAD, OPTIONS",
                "ws                       | GET, OPTIONS",
                "channels/orders-1/latest | GET, HEAD, OPTIONS",
                "cache                    | GET, HEAD, DELETE, OPTIONS",
            })
    void answersOptionsWithoutBody(String path, String allowed) {
        given().options("/api/realtime/" + path)
                .then()
                .statusCode(204)
                .header("Allow", allowed)
                .header("Accept-Patch", nullValue())
                .body(emptyString());
    }

    /** Vert.x would overlook the last slash, and clear the caches of all nodes. */
    @ParameterizedTest
    @CsvSource({"DELETE, cache/", "DELETE, cache//", "GET, poll/", "POST, publish/", "BREW, nothing", "OPTIONS, nothing"
    })
    void findsNothingAtAnotherAddress(String method, String path) {
        problem(given().request(method, "/api/realtime/" + path), 404, "not-found")
                .header("Allow", nullValue())
                .body("detail", containsString("expected one of those that GET /q/openapi lists"));
    }

    @Test
    void answersOptionsOfDocumentAlsoWithPatches() {
        given().options("/api/realtime/documents/orders-1")
                .then()
                .statusCode(204)
                .header("Allow", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS")
                .header("Accept-Patch", "application/merge-patch+json, application/json-patch+json");
    }
}
