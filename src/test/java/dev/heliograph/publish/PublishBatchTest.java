package dev.heliograph.publish;

import static dev.heliograph.fixture.Problems.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import dev.heliograph.log.Position;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Several events over HTTP at once. */
@QuarkusTest
class PublishBatchTest extends EventsOverHttp {
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
    void membersBesideTheEventsOfABatchAreUnknown() {
        problem(post(BATCH, "{\"events\":[],\"x\":1}"), 400, "invalid-request")
                .body("detail", startsWith("x is unknown, expected only the member"));
        problem(post(BATCH, "{\"events\":[],\"events\":[]}"), 400, "invalid-request")
                .body("detail", startsWith("events is repeated"));
    }

    @Test
    void refusesBodyThatIsNoBatch() {
        problem(post(BATCH, GOOD), 400, "invalid-request").body("field", equalTo("channel"));
        problem(post(BATCH, "{}"), 400, "invalid-request").body("field", equalTo("events"));
        problem(post(BATCH, "{\"events\":{}}"), 400, "invalid-request").body("field", equalTo("events"));
        problem(post(BATCH, "[]"), 400, "invalid-request")
                .body("detail", equalTo("the body is an array, expected a JSON object with the member events"));
    }
}
