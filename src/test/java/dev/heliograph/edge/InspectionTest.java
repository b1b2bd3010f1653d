package dev.heliograph.edge;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.Keys;
import dev.heliograph.fixture.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks into a gateway that has keys, and the headers of all its answers. */
@QuarkusTest
@TestProfile(CallersTest.WithKeys.class)
class InspectionTest {
    @ParameterizedTest
    @ValueSource(strings = {"/q/metrics", "/q/metrics/", "/q/nothing", "/q/health-ui", "/q/openapi/more"})
    void asksForAdmin(String address) {
        problem(given().get(address), 401, "unauthenticated");
        problem(given().header("Authorization", Keys.bearer(Keys.ORDERS)).get(address), 403, "forbidden");
    }

    /** The router would read them as the address itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/q//metrics",
                "/q/./metrics",
                "/x/../q/metrics",
                "/%71/metrics",
                "/q/health/../metrics",
                "//q/metrics"
            })
    void otherSpellingsLeadNowhereElse(String address) throws IOException {
        assertThat(RawHttp.head(RestAssured.port, RawHttp.request("GET " + address)))
                .doesNotStartWith("HTTP/1.1 200");
    }

    @Test
    void adminReadsMetrics() {
        given().header("Authorization", Keys.bearer(Keys.ADMIN))
                .get("/q/metrics")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/health/live", "/q/health/ready", "/q/openapi", "/q/openapi.json"})
    void everybodyReadsHealthAndContract(String address) {
        given().get(address).then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /q/health",
                "GET /q/metrics",
                "GET /nothing",
                "GET /api/realtime/poll",
                "GET /api/realtime/nothing",
                "BREW /api/realtime/publish",
                "GET /api/realtime/ws",
                "OPTIONS /api/realtime/publish"
            })
    void everyAnswerHasSecurityHeaders(String request) throws IOException {
        String head = RawHttp.head(RestAssured.port, RawHttp.request(request)).toLowerCase();

        assertThat(head).contains("x-content-type-options: nosniff", "cross-origin-resource-policy: same-origin");
    }

    @Test
    void eventStreamHasSecurityHeaders() throws IOException {
        String stream =
                RawHttp.request("GET /api/realtime/sse?channel=orders-1", "Authorization: " + Keys.bearer(Keys.ORDERS));

        assertThat(RawHttp.head(RestAssured.port, stream).toLowerCase())
                .startsWith("http/1.1 200")
                .contains("x-content-type-options: nosniff", "cross-origin-resource-policy: same-origin");
    }
}
