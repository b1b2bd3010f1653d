package dev.heliograph.edge;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.heliograph.fixture.EventStream;
import dev.heliograph.fixture.Keys;
import dev.heliograph.fixture.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One-time tickets at the front door. */
@QuarkusTest
@TestProfile(CallersTest.WithKeys.class)
class TicketsTest {
    private static final String TICKETS = "/api/realtime/tickets";
    private static final String STREAM = "/api/realtime/sse?channel=orders-1";

    @Test
    void makesTicketForWhoSaysWhoItIs() {
        Instant before = Instant.now();

        Response answer =
                given().header("Authorization", Keys.bearer(Keys.ORDERS)).post(TICKETS);

        answer.then()
                .statusCode(201)
                .header("Cache-Control", "no-store")
                .body("ticket", matchesPattern("[A-Za-z0-9_-]{43}"))
                .body("size()", equalTo(2));
        assertThat(Instant.parse(answer.path("expires"))).isBetween(before.plusSeconds(28), before.plusSeconds(60));
    }

    @Test
    void makesNoTicketForNobody() {
        problem(given().post(TICKETS), 401, "unauthenticated")
                .header("WWW-Authenticate", "Bearer")
                .body("detail", containsString("with which it is made"));
    }

    @Test
    void refusesParametersOfTicket() {
        problem(
                        given().header("Authorization", Keys.bearer(Keys.ORDERS))
                                .post(TICKETS + "?for=alice"),
                        400,
                        "invalid-request")
                .body("field", equalTo("for"));
    }

    @Test
    void ticketOpensOneEventStream() throws IOException {
        String ticket = ticket();
        URI stream = URI.create("http://localhost:" + RestAssured.port + STREAM + "&ticket=" + ticket);

        try (InputStream open = stream.toURL().openStream()) {
            assertThat(new EventStream(open).next().type()).isEqualTo("sync");
        }

        problem(given().get(stream), 401, "invalid-token")
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .header("Cache-Control", "no-store")
                .body(not(containsString(ticket)));
    }

    @Test
    void ticketOpensOneWebSocket() throws IOException {
        String handshake = RawHttp.handshake("/api/realtime/ws?ticket=" + ticket());

        assertThat(RawHttp.head(RestAssured.port, handshake)).startsWith("HTTP/1.1 101");
        assertThat(RawHttp.head(RestAssured.port, handshake))
                .startsWith("HTTP/1.1 401")
                .contains("invalid-token");
    }

    @Test
    void ticketGrantsWhatItsMakerHas() {
        problem(given().get("/api/realtime/sse?channel=finance-1&ticket=" + ticket()), 403, "forbidden")
                .body("detail", containsString("subscribe on finance-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void refusesOtherTicketsInTheSameWords(String ticket) {
        problem(given().get(STREAM + "&ticket=" + ticket), 401, "invalid-token")
                .body("detail", containsString("the ticket is not valid"));
    }

    @Test
    void refusesTicketBesideHeader() {
        String ticket = ticket();
        problem(
                        given().header("Authorization", Keys.bearer(Keys.ORDERS))
                                .get(STREAM + "&ticket=" + ticket),
                        400,
                        "invalid-request")
                .body("field", equalTo("ticket"))
                .body(not(containsString(ticket)));
    }

    @Test
    void refusesTwoTickets() {
        String ticket = ticket();
        problem(given().get(STREAM + "&ticket=" + ticket + "&ticket=" + ticket()), 400, "invalid-request")
                .body("field", equalTo("ticket"))
                .body(not(containsString(ticket)));
    }

    /** Whoever can poll can set a header. */
    @ParameterizedTest
    @CsvSource({"poll?channel=orders-1&,400,invalid-request", "channels/orders-1/latest?,401,unauthenticated"})
    void refusesTicketElsewhere(String address, int status, String slug) {
        problem(given().get("/api/realtime/" + address + "ticket=" + ticket()), status, slug);
    }

    @Test
    void labelsOfMetricsHaveNoTicket() {
        String ticket = ticket();
        given().get(STREAM + "&ticket=" + ticket + "x");

        given().header("Authorization", Keys.bearer(Keys.ADMIN))
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("uri=\"/api/realtime/sse\""))
                .body(not(containsString(ticket)));
    }

    private static String ticket() {
        return given().header("Authorization", Keys.bearer(Keys.ORDERS))
                .post(TICKETS)
                .then()
                .statusCode(201)
                .extract()
                .path("ticket");
    }
}
