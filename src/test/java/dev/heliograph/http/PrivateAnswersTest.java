package dev.heliograph.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.startsWith;

import dev.heliograph.fixture.Keys;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers shared caches may keep (RFC 9111, section 5.2.2.7). */
@QuarkusTest
@TestProfile(PrivateAnswersTest.OnePublicNamespace.class)
class PrivateAnswersTest {
    public static final class OnePublicNamespace implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            var config = new HashMap<>(Keys.config());
            config.put("heliograph.namespaces.drivers.public", "publish,read,write");
            return config;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "documents/orders-9, private", "channels/orders-9/latest, private", "channels/orders-9/events, private",
        "documents/drivers-9, public", "channels/drivers-9/latest, public", "channels/drivers-9/events, public"
    })
    void answersArePrivateUnlessAllMayRead(String address, String start) {
        boolean isOrder = address.contains("orders");
        String change =
                isOrder ? "/api/realtime/documents/orders-9" : "/api/realtime/documents/drivers-9?event=driver.status";
        asOwner()
                .contentType("application/json")
                .header("If-None-Match", "*")
                .body("{\"n\":1}")
                .put(change);
        String channel = isOrder ? "orders-9" : "drivers-9";
        String cursor =
                asOwner().get("/api/realtime/channels/" + channel + "/latest").path("cursor");
        String closed = address.endsWith("events") ? "?from=" + cursor + "&to=" + cursor : "";

        asOwner()
                .get("/api/realtime/" + address + closed)
                .then()
                .statusCode(200)
                .header("Cache-Control", startsWith(start + ", "));
    }

    private static RequestSpecification asOwner() {
        return given().header("Authorization", Keys.bearer(Keys.ORDERS));
    }
}
