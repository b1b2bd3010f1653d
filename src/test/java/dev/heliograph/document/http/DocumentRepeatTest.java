package dev.heliograph.document.http;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.heliograph.log.Position;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;

/** A write that is repeated under its {@code Idempotency-Key}. */
@QuarkusTest
class DocumentRepeatTest extends DocumentsOverHttp {
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
                .header("Content-Location", nullValue())
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
}
