package dev.heliograph.latest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.heliograph.fixture.Problems;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(LatestResourceTest.Profiles.class)
class LatestResourceTest {
    private static final String ORDERS = "public, max-age=5, stale-while-revalidate=5";

    @Inject
    LatestEvents store;

    public static final class Profiles implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "heliograph.namespaces.drivers.cache-profile", "fast",
                    "heliograph.namespaces.jobs.cache-profile", "standard",
                    "heliograph.namespaces.finance.cache-profile", "slow");
        }
    }

    @Test
    void theNewestEventIsAnsweredAsEveryWireHasIt() {
        publish("orders-body", "order.created", "{\"n\": 1}");
        String cursor = publish("orders-body", "order.updated", "{\"price\":1.10}");

        String body = latest("orders-body")
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header("ETag", '"' + cursor + '"')
                .header("Cache-Control", ORDERS)
                .extract()
                .asString()
                .replaceAll("\"id\":\"[0-9a-f]{32}\"", "\"id\":\"the id\"");

        assertThat(body)
                .isEqualTo("{\"cursor\":\"" + cursor
                        + "\",\"type\":\"order.updated\",\"channel\":\"orders-body\",\"id\":\"the id\","
                        + "\"time\":\"2026-01-02T03:04:05Z\",\"data\":{\"price\":1.10}}");
    }

    @Test
    void aTypeMayBeAskedFor() {
        String created = publish("orders-typed", "order.created", "{}");
        publish("orders-typed", "order.updated", "{}");

        latest("orders-typed?event=order.created")
                .statusCode(200)
                .body("cursor", equalTo(created))
                .header("ETag", '"' + created + '"');
    }

    @Test
    void theFirehoseHasItsOwnCursor() {
        publish("customers-1", "customer.created", "{}");

        latest("customers.*")
                .statusCode(200)
                .body("firehose", equalTo("customers"))
                .body("channel", equalTo("customers-1"));
        latest("customers").statusCode(200).body("firehose", equalTo("customers"));
    }

    @Test
    void aChannelWithEveryLegalCharacterIsFound() {
        publish("orders-a=b@c,d.e;f_g", "order.updated", "{}");

        given().urlEncodingEnabled(false)
                .get("/api/realtime/channels/orders-a%3Db%40c%2Cd.e%3Bf_g/latest")
                .then()
                .statusCode(200)
                .body("channel", equalTo("orders-a=b@c,d.e;f_g"));
    }

    @ParameterizedTest
    @CsvSource({
        "drivers-1, driver.online,    'public, max-age=30, stale-while-revalidate=30'",
        "jobs-1,    job.created,      'public, max-age=300, stale-while-revalidate=300'",
        "finance-1, payment.received, 'public, max-age=1800, stale-while-revalidate=1800'"
    })
    void theCacheProfileSaysForHowLongItIsFresh(String channel, String type, String cacheControl) {
        publish(channel, type, "{}");

        latest(channel).statusCode(200).header("Cache-Control", cacheControl);
    }

    @ParameterizedTest
    @CsvSource({"'\"%s\"'", "'W/\"%s\"'", "'\"%s-gzip\"'", "'\"x\", \"%s\"'", "*"})
    void clientThatHasTheNewestIsToldOnlyThat(String condition) {
        String cursor = publish("orders-conditional", "order.updated", "{}");
        long before = store.statistics().notModified();

        latestIf("orders-conditional", condition.formatted(cursor))
                .statusCode(304)
                .header("ETag", '"' + cursor + '"')
                .header("Cache-Control", ORDERS)
                .header("Content-Type", nullValue())
                .body(emptyString());

        assertThat(store.statistics().notModified()).isEqualTo(before + 1);
    }

    @Test
    void clientThatHasAnOlderOneGetsTheNewest() {
        String first = publish("orders-newer", "order.updated", "{}");
        String second = publish("orders-newer", "order.updated", "{}");

        latestIf("orders-newer", '"' + first + '"').statusCode(200).body("cursor", equalTo(second));
    }

    @Test
    void headAnswersAsGetDoesWithoutTheBody() {
        String cursor = publish("orders-head", "order.updated", "{}");

        given().head("/api/realtime/channels/orders-head/latest")
                .then()
                .statusCode(200)
                .header("ETag", '"' + cursor + '"')
                .header("Cache-Control", ORDERS)
                .body(emptyString());
        given().header("If-None-Match", "*")
                .head("/api/realtime/channels/orders-head/latest")
                .then()
                .statusCode(304);
    }

    @Test
    void aChannelWithoutEventsHasNone() {
        problem(latest("orders-never"), 404, "no-event", null);
        publish("orders-once", "order.updated", "{}");
        problem(latest("orders-once?event=order.created"), 404, "no-event", null);
        problem(latestIf("orders-never", "*"), 404, "no-event", null);
    }

    @Test
    void errorInARequestIsNamed() {
        problem(latest("nonsense-1"), 404, "unknown-namespace", "channel");
        problem(latest("orders%201"), 400, "invalid-channel", "channel");
        problem(latest("orders-1?event=order.exploded"), 400, "unknown-type", "event");
        problem(latest("orders-1?event="), 400, "unknown-type", "event");
        problem(latest("orders-1?event=order.updated&event=order.created"), 400, "invalid-request", "event");
        problem(latest("orders-1?type=order.updated"), 400, "invalid-request", "type");
        problem(latestIf("orders-1", "unquoted"), 400, "invalid-request", "If-None-Match");
    }

    private static ValidatableResponse latest(String channelAndQuery) {
        return given().urlEncodingEnabled(false).get(path(channelAndQuery)).then();
    }

    private static ValidatableResponse latestIf(String channel, String condition) {
        return given().header("If-None-Match", condition).get(path(channel)).then();
    }

    private static String path(String channelAndQuery) {
        int query = channelAndQuery.indexOf('?');
        String channel = query < 0 ? channelAndQuery : channelAndQuery.substring(0, query);
        return "/api/realtime/channels/" + channel + "/latest" + channelAndQuery.substring(channel.length());
    }

    private static void problem(ValidatableResponse answer, int status, String slug, String field) {
        Problems.problem(answer, status, slug)
                .body("detail", containsString(" "))
                .body("field", field == null ? nullValue() : equalTo(field));
    }

    private static String publish(String channel, String type, String data) {
        return given().contentType(ContentType.JSON)
                .body("{\"channel\":\"" + channel + "\",\"type\":\"" + type
                        + "\",\"time\":\"2026-01-02T03:04:05Z\",\"data\":" + data + "}")
                .post("/api/realtime/publish")
                .then()
                .statusCode(201)
                .extract()
                .path("cursor");
    }
}
