package dev.heliograph.transport.range;

import static io.restassured.RestAssured.given;

import dev.heliograph.log.Position;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.Map;

/** Publishes events and asks for ranges of them. */
final class Ranges {
    private Ranges() {}

    /** Namespaces whose limits a test can reach. */
    public static final class Namespaces implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "heliograph.namespaces.short.types", "t",
                    "heliograph.namespaces.short.history-size", "5",
                    "heliograph.namespaces.large.types", "t",
                    "heliograph.namespaces.large.max-event-bytes", "1M");
        }
    }

    static ValidatableResponse range(String channel, String query) {
        return given().urlEncodingEnabled(false)
                .get(address(channel, query))
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON);
    }

    static String address(String channel, String query) {
        return "/api/realtime/channels/" + channel + "/events" + (query.isEmpty() ? "" : "?" + query);
    }

    static String nextOf(Response page) {
        String link = page.header("Link");
        return link == null ? null : link.substring(1, link.indexOf('>'));
    }

    static Position firehoseTop(String namespace) {
        return Position.parse(
                JsonPath.from(given().get(address(namespace, "limit=1000")).asString())
                        .getString("cursor"));
    }

    static Position publish(String channel, String type, int count) {
        return publish(channel, type, count, "{}");
    }

    /** @return the position of the last event */
    static Position publish(String channel, String type, int count, String data) {
        String cursor = null;
        for (int i = 0; i < count; i++) {
            cursor = given().contentType(ContentType.JSON)
                    .body("{\"channel\":\"" + channel + "\",\"type\":\"" + type + "\",\"data\":" + data + "}")
                    .post("/api/realtime/publish")
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("cursor");
        }
        return Position.parse(cursor);
    }
}
