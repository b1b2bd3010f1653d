package dev.heliograph.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fixture.RawHttp;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Strangers choose methods and addresses as they like; metrics have as many series as before. */
@QuarkusTest
@TestProfile(RequestLabelsTest.FewPolls.class)
class RequestLabelsTest {
    private static final int MANY = 2000;
    private static final int POLLS = 500;
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "_OTHER");

    @Inject
    MeterRegistry metrics;

    /** Most of what this test asks for is refused with 429. */
    public static final class FewPolls implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "heliograph.access.limits.poll.burst", Integer.toString(POLLS),
                    "heliograph.access.limits.poll.requests-per-second", "1",
                    "quarkus.http.proxy.proxy-address-forwarding", "true",
                    "quarkus.http.proxy.trusted-proxies", "127.0.0.1");
        }
    }

    @Test
    void countsThousandsOfOddMethodsAsOne() throws IOException {
        List<String> answers = ask("10.0.1.1", n -> "M" + n + " /api/realtime/cache");

        assertThat(answers).contains("405", "429");
        assertThat(labels("method")).isSubsetOf(METHODS);
        assertThat(count("_OTHER", "/api/realtime/cache")).isEqualTo(MANY);
        assertKnownRoutesHaveTheirSeries("10.0.1.2");
    }

    @Test
    void countsThousandsOfOddAddressesAsOne() throws IOException {
        double before = count("GET", "_OTHER");

        ask("10.0.2.1", n -> "GET /nothing/here-" + n);
        ask("10.0.2.1", n -> "GET /api/realtime/x" + n);
        ask("10.0.2.1", n -> "GET /api/realtime/channels/a" + n + ";b/latest");
        ask("10.0.2.1", n -> "POST /api/realtime/documents/orders-" + n);

        assertThat(labels("uri")).hasSizeLessThan(20).noneMatch(uri -> uri.matches(".*[0-9].*"));
        assertThat(count("GET", "_OTHER") - before).isGreaterThanOrEqualTo(2 * MANY);
        assertThat(count("POST", "/api/realtime/documents/{channel}")).isEqualTo(MANY);
        assertKnownRoutesHaveTheirSeries("10.0.2.2");
    }

    /** Quarkus counts these in another way than those that are answered. */
    @Test
    void labelsRequestsThatAreCutOffByTheirRoute() throws IOException {
        String poll = "/api/realtime/poll?channel=orders-cut";
        String cursor = given().get(poll).path("cursor");
        try (Socket socket = RawHttp.connect(RestAssured.port)) {
            RawHttp.send(
                    socket, RawHttp.request("GET " + poll.replace("/poll", "/%70oll") + "&wait=50&cursor=" + cursor));
            RawHttp.send(socket, RawHttp.request("ODD /api/realtime/poll"));
            await().until(() ->
                    metrics.get("http.server.active.requests").gauge().value() >= 1);
        }

        await().untilAsserted(() -> assertThat(metrics.find("http.server.requests")
                        .tags("uri", "/api/realtime/poll", "status", "RESET")
                        .timers())
                .isNotEmpty());
        assertThat(labels("method")).isSubsetOf(METHODS);
        assertThat(labels("uri")).doesNotContain("/api/realtime/%70oll");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/realtime/poll, GET, /api/realtime/poll",
        "CUT, /api/realtime/documents/orders-1, _OTHER, /api/realtime/documents/{channel}",
        "get, /api/realtime/documents/{channel}, _OTHER, /api/realtime/documents/{channel}",
        "PUT, /api/realtime/cut, PUT, _OTHER",
        "CONNECT, NOT_FOUND, _OTHER, _OTHER",
        "OPTIONS, %zz, OPTIONS, _OTHER",
    })
    void mapsLabelsToClosedSet(String method, String uri, String expectedMethod, String expectedUri) {
        var id = new Meter.Id("http.server.requests", Tags.of("method", method, "uri", uri), null, null, Type.TIMER);

        Meter.Id mapped = new RequestLabels().map(id);

        assertThat(mapped.getTags())
                .containsExactlyInAnyOrder(Tag.of("method", expectedMethod), Tag.of("uri", expectedUri));
    }

    @Test
    void labelsWebSocketsByTheirRoute() throws IOException {
        try (Socket socket = RawHttp.connect(RestAssured.port)) {
            RawHttp.send(socket, RawHttp.handshake("/api/realtime/%77s"));
            assertThat(RawHttp.readHead(socket)).startsWith("HTTP/1.1 101");

            assertThat(metrics.get("http.server.websocket.connections").meters())
                    .extracting(meter -> meter.getId().getTag("uri"))
                    .containsOnly("/api/realtime/ws");
        }
    }

    @Test
    void labelsNotModifiedAnswersByTheirRoute() {
        String tag = given().get("/api/realtime/poll?channel=orders-labels").header("ETag");

        given().header("If-None-Match", tag)
                .get("/api/realtime/poll?channel=orders-labels")
                .then()
                .statusCode(304);

        await().untilAsserted(() -> assertThat(metrics.find("http.server.requests")
                        .tags("uri", "/api/realtime/poll", "status", "304", "method", "GET")
                        .timer())
                .isNotNull());
    }

    /** No other meter takes a label from a request. */
    @Test
    void noMeterHasMoreSeriesThanRoutesMethodsAndStatusesAllow() throws IOException {
        ask("10.0.3.1", n -> "ODD" + n + " /api/realtime/documents/orders-" + n);
        ask("10.0.3.2", n -> "GET /api/realtime/poll?channel=nonsense-" + n + "&event=x" + n);

        Map<String, Long> series = metrics.getMeters().stream()
                .collect(Collectors.groupingBy(meter -> meter.getId().getName(), Collectors.counting()));

        assertThat(series)
                .allSatisfy((name, count) -> assertThat(count).as(name).isLessThan(100));
    }

    private void assertKnownRoutesHaveTheirSeries(String client) {
        String document = "/api/realtime/documents/{channel}";
        double putBefore = count("PUT", document);
        double readBefore = count("GET", "/api/realtime/cache");

        given().header("X-Forwarded-For", client)
                .contentType(ContentType.JSON)
                .body("{}")
                .put("/api/realtime/documents/orders-" + client.replace('.', '-'))
                .then()
                .statusCode(201);
        given().header("X-Forwarded-For", client)
                .get("/api/realtime/cache")
                .then()
                .statusCode(200);

        await().until(() -> count("PUT", document) == putBefore + 1);
        await().until(() -> count("GET", "/api/realtime/cache") == readBefore + 1);
        assertThat(given().get("/q/metrics").asString()).contains("uri=\"" + document + "\"");
    }

    private Set<String> labels(String key) {
        return metrics.find("http.server.requests").meters().stream()
                .flatMap(meter -> meter.getId().getTags().stream())
                .filter(tag -> tag.getKey().equals(key))
                .map(Tag::getValue)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private double count(String method, String uri) {
        return metrics.find("http.server.requests").tags("method", method, "uri", uri).timers().stream()
                .mapToDouble(timer -> timer.count())
                .sum();
    }

    /** Gives the statuses that it was answered with. */
    private static List<String> ask(String client, IntFunction<String> request) throws IOException {
        var answers = new ArrayList<String>();
        try (Socket socket = RawHttp.connect(RestAssured.port)) {
            for (int n = 0; n < MANY; n++) {
                RawHttp.send(
                        socket, RawHttp.request(request.apply(n), "X-Forwarded-For: " + client, "Content-Length: 0"));
                answers.add(RawHttp.readHead(socket).substring(9, 12));
            }
        }
        return answers;
    }
}
