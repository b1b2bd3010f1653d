package dev.heliograph.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.Keys;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the table of {@link AccessTableTest} does not show: words of refusals, and batches. */
@QuarkusTest
@TestProfile(CallersTest.WithKeys.class)
class CallersTest {
    private static final String EVENT = "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"data\":{}}";

    public static final class WithKeys implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Jwts.config();
        }
    }

    /** The same for a namespace that is there and one that is not. */
    @ParameterizedTest
    @ValueSource(strings = {"finance-1", "nothing-1"})
    void tellsNotWhatThereIs(String channel) {
        String without = given().get("/api/realtime/documents/" + channel)
                .then()
                .statusCode(401)
                .extract()
                .asString();
        String with = given().header("Authorization", Keys.bearer(Keys.ORDERS))
                .get("/api/realtime/documents/" + channel)
                .then()
                .statusCode(403)
                .extract()
                .asString();

        assertThat(without.replace(channel, "C")).isEqualTo(problem("unauthenticated", 401));
        assertThat(with).contains("read on " + channel).doesNotContain("namespaces");
    }

    private static String problem(String slug, int status) {
        return given().get("/api/realtime/documents/drivers-1")
                .then()
                .statusCode(status)
                .body("type", equalTo("urn:heliograph:problem:" + slug))
                .extract()
                .asString()
                .replace("drivers-1", "C");
    }

    @Test
    void answersEachEventOfBatchAlone() {
        String other = EVENT.replace("orders-1", "finance-1");
        given().header("Authorization", Keys.bearer(Keys.ORDERS))
                .contentType("application/json")
                .body("{\"events\":[" + EVENT + "," + other + "]}")
                .post("/api/realtime/publish/batch")
                .then()
                .statusCode(200)
                .body("results[0].channel", equalTo("orders-1"))
                .body("results[1].error.type", equalTo("urn:heliograph:problem:forbidden"));
    }
}
