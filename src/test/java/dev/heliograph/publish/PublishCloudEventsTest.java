package dev.heliograph.publish;

import static dev.heliograph.fixture.Problems.problem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.heliograph.log.Position;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** CloudEvents over HTTP, one and several. */
@QuarkusTest
class PublishCloudEventsTest extends EventsOverHttp {
    private static final String GOOD_CLOUD_EVENT =
            """
            {"specversion":"1.0","id":"ce-1","source":"/shop","type":"order.updated","time":"2026-01-02T03:04:05Z",
             "datacontenttype":"application/json; charset=utf-8","subject":"orders-ce","traceparent":"00-1","data":{"n":1}}""";

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
}
