package dev.heliograph.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a stream or a poll is answered with a problem that names it. */
class HttpBadInputIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static GatewayProcess gateway;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void startGateway() {
        gateway = GatewayProcess.start();
    }

    @AfterAll
    static void endGateway() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'',400,invalid-channel,channel",
        "channel=,400,invalid-channel,channel",
        "channel=or%20ders,400,invalid-channel,channel",
        "channel=orders.*-1,400,invalid-channel,channel",
        "channel=trains-1,404,unknown-namespace,channel",
        "channel=orders-1&channel=orders-1,400,invalid-request,channel",
        "channel=orders&channel=orders.*,400,invalid-request,channel",
        "channel=orders-1&event=driver.online,400,unknown-type,event",
        "channel=orders-1&event=,400,unknown-type,event",
        "channel=orders-1&cursor=garbage,400,invalid-cursor,cursor",
        "channel=orders-1&cursor=,400,invalid-cursor,cursor",
        "channel=orders-1&cursor=a-1.b-2,400,invalid-cursor,cursor",
        "channel=orders-1&channel=orders-2&cursor=a-1,400,invalid-cursor,cursor",
        "channel=orders-1&cursor=a-1&cursor=a-1,400,invalid-request,cursor",
        "channel=orders-1&since=1,400,invalid-request,since",
    })
    void wrongParametersAreRefusedByName(String query, int status, String slug, String field) throws Exception {
        assertProblem(get("sse?" + query), status, slug, field);
        assertProblem(get("poll?" + query), status, slug, field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "56", "1.5", "soon", "", "99999999999"})
    void waitOutOfRangeIsRefused(String wait) throws Exception {
        assertProblem(get("poll?channel=orders-1&wait=" + wait), 400, "invalid-request", "wait");
    }

    @Test
    void anEventStreamThatIsToWaitIsRefused() throws Exception {
        assertProblem(get("sse?channel=orders-1&wait=1"), 400, "invalid-request", "wait");
    }

    @ParameterizedTest
    @CsvSource({
        "sse,Last-Event-ID,garbage,invalid-cursor",
        "sse,Last-Event-ID,a-1.b-2,invalid-cursor",
        "poll,If-None-Match,'\"garbage\"',invalid-cursor",
        "poll,If-None-Match,'\"a-1.b-2\"',invalid-cursor",
        "poll,If-None-Match,a-1,invalid-request",
        "poll,If-None-Match,'\"a-1',invalid-request",
        "poll,If-None-Match,*,invalid-cursor",
    })
    void wrongHeadersAreRefusedByName(String path, String header, String value, String slug) throws Exception {
        assertProblem(get(path + "?channel=orders-1", header, value), 400, slug, header);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "poll"})
    void thirtyThreeChannelsAreTooMany(String path) throws Exception {
        String channels =
                IntStream.range(0, 33).mapToObj(n -> "channel=orders-" + n).collect(Collectors.joining("&"));

        assertProblem(get(path + "?" + channels), 400, "too-many-channels", "channel");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "poll"})
    void otherMethodsAreRefusedWithTheRightOne(String path) throws Exception {
        HttpResponse<String> answer =
                send(request(path + "?channel=orders-1").POST(HttpRequest.BodyPublishers.ofString("{}")));

        assertProblem(answer, 405, "method-not-allowed", null);
        assertThat(answer.headers().firstValue("Allow").orElseThrow()).startsWith("GET, ");
    }

    @Test
    void problemsAreCountedByCategory() throws Exception {
        get("poll?channel=trains-1");

        HttpResponse<String> metrics = send(HttpRequest.newBuilder(URI.create(gateway.httpUri() + "/q/metrics")));

        assertThat(metrics.body())
                .contains(
                        "heliograph_problem_answers_total{category=\"validation\",severity=\"low\",type=\"unknown-namespace\"}");
    }

    private HttpResponse<String> get(String pathAndQuery, String... headers) throws Exception {
        HttpRequest.Builder request = request(pathAndQuery);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.GET());
    }

    private static HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(gateway.httpUri() + "/api/realtime/" + pathAndQuery));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String slug, String field)
            throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("type").textValue()).isEqualTo("urn:heliograph:problem:" + slug);
        assertThat(problem.path("field").textValue()).isEqualTo(field);
    }
}
