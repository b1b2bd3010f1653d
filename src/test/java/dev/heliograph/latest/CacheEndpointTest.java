package dev.heliograph.latest;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class CacheEndpointTest {
    private static final String CACHE = "/api/realtime/cache";

    @BeforeEach
    void keepThreeEntries() {
        given().delete(CACHE).then().statusCode(204);
        keep("orders-cache1", "order.created");
        keep("orders-cache1", "order.updated");
        keep("orders-cache2", "order.updated");
    }

    @Test
    void statisticsTellKeptEntriesAndHowOftenTheyHelped() {
        given().get(CACHE)
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header("Cache-Control", "no-store")
                .body("size()", equalTo(7))
                .body("entries", equalTo(3))
                .body("bytes", greaterThan(1000))
                .body("maxBytes", equalTo(10 << 20))
                .body("hits", greaterThan(0))
                .body("misses", greaterThan(0))
                .body("hitRate", greaterThan(0f))
                .body("notModified", greaterThan(-1));
        given().get("/q/metrics")
                .then()
                .body(containsString("heliograph_latest_lookups_total{outcome=\"hit\""))
                .body(containsString("heliograph_latest_entries 3.0"));
    }

    @Test
    void everythingCanBeForgotten() {
        given().delete(CACHE).then().statusCode(204).body(emptyString());
        entries(0);
    }

    @ParameterizedTest
    @CsvSource({
        "orders-cache1, 1",
        "orders-cache1:order.updated, 1",
        "orders-cache2:order.updated, 2",
        "orders-cache3, 3",
        "orders.*, 3"
    })
    void oneKeyCanBeForgotten(String key, int left) {
        given().delete(CACHE + "/" + key).then().statusCode(204);
        entries(left);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"keys\":[\"orders-cache1\",\"orders-cache2:order.updated\"]} | 0",
                "{\"keys\":[\"orders-cache2\"]} | 2",
                "{\"pattern\":\"orders-cache*\"} | 0",
                "{\"pattern\":\"*:order.created\"} | 0",
                "{\"pattern\":\"drivers-*\"} | 3",
                "{ \"all\" : true } | 0"
            })
    void aSelectionCanBeForgotten(String body, int left) {
        invalidate(body).statusCode(204).body(emptyString());
        entries(left);
    }

    @Test
    void forgottenKeyIsReadFromTheLogAgain() {
        given().delete(CACHE + "/orders-cache2").then().statusCode(204);

        given().get("/api/realtime/channels/orders-cache2/latest")
                .then()
                .statusCode(200)
                .body("type", equalTo("order.updated"));
        entries(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | invalid-request | ",
                "[] | invalid-request | ",
                "[\"all\"] | invalid-request | ",
                "7 | invalid-request | ",
                "{\"all\":false} | invalid-request | all",
                "{\"all\":1} | invalid-request | all",
                "{\"all\":true,\"pattern\":\"*\"} | invalid-request | pattern",
                "{\"all\":true,\"all\":true} | invalid-request | all",
                "{\"everything\":true} | invalid-request | everything",
                "{\"keys\":\"orders-1\"} | invalid-request | keys",
                "{\"keys\":[]} | invalid-request | keys",
                "{\"keys\":[7]} | invalid-request | keys[0]",
                "{\"keys\":[\"orders-1\",[]]} | invalid-request | keys[1]",
                "{\"keys\":[\"orders 1\"]} | invalid-channel | keys[0].channel",
                "{\"keys\":[\"orders-1\",\"orders-1:nope\"]} | unknown-type | keys[1].type",
                "{\"pattern\":7} | invalid-request | pattern",
                "{\"pattern\":\"\"} | invalid-request | pattern",
                "{\"pattern\":\"orders 1\"} | invalid-request | pattern",
                "{\"all\":true | malformed-json | ",
                "{\"all\":true}x | malformed-json | ",
                "{\"all\":true}{} | malformed-json | ",
                "garbage | malformed-json | "
            })
    void errorInABodyIsNamed(String body, String slug, String field) {
        problem(invalidate(body), 400, slug).body("field", equalTo(field));
        entries(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"keys\":[]} | keys is empty, expected at least one key",
                "{\"all\":true,\"keys\":[]} | keys is one member too many, expected exactly one of",
                "{\"some\":true} | some is unknown, expected exactly one of",
                "[1] | the body is no object, expected",
                "{} | the body has no members, expected"
            })
    void theDetailDescribesTheError(String body, String detail) {
        invalidate(body).statusCode(400).body("detail", startsWith(detail));
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "DELETE, ''", "DELETE, /orders-cache1", "POST, /invalidate"})
    void aParameterIsRefusedByName(String method, String path) {
        Response refused = given().contentType(ContentType.JSON)
                .body("{\"all\":true}")
                .request(method, CACHE + path + "?key=orders-cache1");

        problem(refused, 400, "invalid-request").body("field", equalTo("key"));
        entries(3);
    }

    @Test
    void aBodyThatIsNoUtf8IsRefused() {
        given().contentType(ContentType.JSON)
                .body(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'})
                .post(CACHE + "/invalidate")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:heliograph:problem:invalid-utf8"));
    }

    @Test
    void anEmptyBodyIsRefused() {
        problem(invalidate(""), 400, "malformed-json");
    }

    /** Without a length, so that the gateway finds out while it reads. */
    @Test
    void aBodyThatGrowsBeyondTheLimitIsRefused() throws IOException {
        try (var socket = new Socket("127.0.0.1", RestAssured.port)) {
            socket.setSoTimeout(5000);
            String head = "POST " + CACHE + "/invalidate HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n800001\r\n";
            socket.getOutputStream().write(head.getBytes(UTF_8));
            // One byte more than is read.
            socket.getOutputStream().write(new byte[8 * 1024 * 1024 + 1]);

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 413")
                    .contains("urn:heliograph:problem:body-too-large");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense-1", "nonsense-1:order.updated"})
    void aKeyOfAnUnknownNamespaceIsNotFound(String key) {
        problem(given().delete(CACHE + "/" + key), 404, "unknown-namespace");
        problem(invalidate("{\"keys\":[\"" + key + "\"]}"), 404, "unknown-namespace")
                .body("field", equalTo("keys[0].channel"));
    }

    @Test
    void aKeyOfAnUnknownTypeIsRefused() {
        problem(given().delete(CACHE + "/orders-1:nope"), 400, "unknown-type");
    }

    private static ValidatableResponse invalidate(String body) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .post(CACHE + "/invalidate")
                .then();
    }

    private static void entries(int expected) {
        given().get(CACHE).then().body("entries", equalTo(expected));
    }

    private static void keep(String channel, String type) {
        given().contentType(ContentType.JSON)
                .body("{\"channel\":\"" + channel + "\",\"type\":\"" + type + "\",\"data\":{}}")
                .post("/api/realtime/publish")
                .then()
                .statusCode(201);
        given().get("/api/realtime/channels/" + channel + "/latest").then().statusCode(200);
    }
}
