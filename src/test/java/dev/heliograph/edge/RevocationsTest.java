package dev.heliograph.edge;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.Keys;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Revocations, as an admin makes them and as clients meet them. */
@QuarkusTest
@TestProfile(CallersTest.WithKeys.class)
class RevocationsTest {
    private static final String REVOCATIONS = "/api/realtime/revocations";
    private static final String STREAM = "/api/realtime/sse?channel=orders-1";

    @AfterEach
    void liftAll() {
        admin().delete(REVOCATIONS + "?key=orders").then().statusCode(204);
        admin().delete(REVOCATIONS + "?subject=orders").then().statusCode(204);
    }

    @Test
    void revokedKeyIsRefusedUntilItIsLifted() {
        String until = inOneHour();
        revoke("key", until);

        problem(orders().get("/api/realtime/documents/orders-1"), 401, "token-revoked")
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .header("Cache-Control", "no-store");
        admin().get(REVOCATIONS)
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("revocations", hasItem(Map.of("key", "orders", "until", until)));

        admin().delete(REVOCATIONS + "?key=orders").then().statusCode(204);

        problem(orders().get("/api/realtime/documents/orders-1"), 404, "no-document");
        admin().get(REVOCATIONS).then().body(not(containsString("orders")));
    }

    /** It was made before; and the subject of a key is its name. */
    @Test
    void ticketOfRevokedMakerIsRefused() {
        String ticket = orders().post("/api/realtime/tickets").path("ticket");
        revoke("subject", inOneHour());

        problem(given().get(STREAM + "&ticket=" + ticket), 401, "token-revoked");
    }

    @Test
    void openStreamIsClosedWithReason() throws IOException {
        HttpURLConnection stream = (HttpURLConnection) URI.create("http://localhost:" + RestAssured.port + STREAM)
                .toURL()
                .openConnection();
        stream.setRequestProperty("Authorization", Keys.bearer(Keys.ORDERS));
        try (InputStream open = stream.getInputStream()) {
            var events = new EventStream(open);
            assertThat(events.next().type()).isEqualTo("sync");

            revoke("key", inOneHour());

            EventStream.Event last = events.next();
            assertThat(last.type()).isEqualTo("closing");
            assertThat(last.data()).contains("4202");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"subject\":\"a\"}                                       | until   | until is missing",
                "{\"until\":\"2030-01-01T00:00:00Z\"}                      | subject | there is none of subject, tokenId, key, expected exactly one",
                "{\"subject\":\"a\",\"key\":\"b\",\"until\":\"2030-01-01T00:00:00Z\"} | key | there are subject and key",
                "{\"subject\":\"\",\"until\":\"2030-01-01T00:00:00Z\"}     | subject | has 0 characters, expected 1 to 1024",
                "{\"subject\":7,\"until\":\"2030-01-01T00:00:00Z\"}        | subject | expected a string",
                "{\"subject\":null,\"until\":\"2030-01-01T00:00:00Z\"}     | subject | expected a string",
                "{\"subject\":\"a\",\"until\":\"2020-01-01T00:00:00Z\"}    | until   | that is to come, at most 10 years ahead",
                "{\"subject\":\"a\",\"until\":\"2190-01-01T00:00:00Z\"}    | until   | at most 10 years ahead",
                "{\"subject\":\"a\",\"until\":\"tomorrow\"}                | until   | RFC 3339",
                "{\"subject\":\"a\",\"until\":1}                           | until   | expected a string",
                "{\"sub\":\"a\",\"until\":\"2030-01-01T00:00:00Z\"}        | sub     | unknown, expected only the members key, subject, tokenId, until",
                "{\"key\":\"a\",\"key\":\"b\",\"until\":\"2030-01-01T00:00:00Z\"} | key | repeated",
            })
    void namesWrongMember(String body, String field, String words) {
        problem(admin().body(body).post(REVOCATIONS), 400, "invalid-request")
                .body("field", equalTo(field))
                .body("detail", containsString(words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "{"})
    void refusesBodyThatIsNoJson(String body) {
        problem(admin().body(body).post(REVOCATIONS), 400, "malformed-json");
    }

    @Test
    void refusesOtherMediaTypesAndCodings() {
        problem(
                        given().header("Authorization", Keys.bearer(Keys.ADMIN))
                                .contentType("text/plain")
                                .body("{}")
                                .post(REVOCATIONS),
                        415,
                        "unsupported-media-type")
                .body("field", equalTo("Content-Type"));
        problem(admin().header("Content-Encoding", "gzip").body("{}").post(REVOCATIONS), 415, "unsupported-media-type")
                .header("Accept-Encoding", "identity");
    }

    @ParameterizedTest
    @CsvSource({
        "'', subject",
        "?subject=a&key=b, key",
        "?sub=a, sub",
        "?subject=, subject",
        "?subject=a&subject=b, subject"
    })
    void liftNamesWrongParameter(String query, String field) {
        problem(admin().delete(REVOCATIONS + query), 400, "invalid-request").body("field", equalTo(field));
    }

    private static void revoke(String kind, String until) {
        admin().body("{\"" + kind + "\":\"orders\",\"until\":\"" + until + "\"}")
                .post(REVOCATIONS)
                .then()
                .statusCode(204);
    }

    private static String inOneHour() {
        return Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static RequestSpecification admin() {
        return given().header("Authorization", Keys.bearer(Keys.ADMIN)).contentType("application/json");
    }

    private static RequestSpecification orders() {
        return given().header("Authorization", Keys.bearer(Keys.ORDERS));
    }
}
