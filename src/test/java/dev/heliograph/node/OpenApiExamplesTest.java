package dev.heliograph.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fixture.RawHttp;
import dev.heliograph.node.OpenApiDocument.Operation;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the document at {@code /q/openapi} shows as requests is answered as it says. */
@QuarkusTest
class OpenApiExamplesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OpenApiDocument document;

    /** @param body null if there is none */
    private record Example(Operation operation, String mediaType, String name, JsonNode body) {}

    @BeforeEach
    void readDocument() throws IOException {
        document = OpenApiDocument.read();
    }

    @Test
    void everyExampleIsAnsweredAsDocumented() throws IOException {
        for (Example example : requests()) {
            String answer = answer(example);

            String status = answer.split(" ")[1];
            JsonNode response = document.schemas()
                    .resolve(example.operation().node().path("responses").path(status));
            assertThat(status).as(example + "\n" + answer).startsWith("2");
            assertThat(response.isMissingNode()).as(example + "\n" + answer).isFalse();
            JsonNode schema = response.path("content").path("application/json").path("schema");
            if (!schema.isMissingNode()) {
                JsonNode body = JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n")));
                assertThat(document.schemas().faults(schema, body))
                        .as(example + "\n" + answer)
                        .isEmpty();
            }
            response.path("headers").fieldNames().forEachRemaining(header -> assertThat(answer)
                    .as(example.toString())
                    .matches(
                            head -> isOptional(header) || head.toLowerCase().contains(header.toLowerCase() + ": "),
                            "has " + header));
        }
    }

    @Test
    void headsThatAreTooLongAreAnsweredWithoutABody() throws IOException {
        String tooLong = "a".repeat(32_000);

        assertEmptyAnswer("414", RawHttp.request("GET /api/realtime/poll?channel=" + tooLong));
        assertEmptyAnswer("431", RawHttp.request("GET /api/realtime/poll?channel=orders-1", "X-Long: " + tooLong));
    }

    private void assertEmptyAnswer(String status, String request) throws IOException {
        String answer = RawHttp.all(RestAssured.port, request);

        assertThat(answer.split(" ")[1]).isEqualTo(status);
        assertThat(answer).endsWith("\r\n\r\n");
        assertThat(document.operations())
                .extracting(operation -> document.schemas()
                        .resolve(operation.node().path("responses").path(status)))
                .allMatch(response -> response.has("description") && !response.has("content"));
    }

    /** All of it, or of what does not end its beginning; a HEAD's tells the length of a body that does not come. */
    private String answer(Example example) throws IOException {
        return example.operation().method().equals("HEAD")
                ? RawHttp.all(RestAssured.port, request(example).replaceFirst("\r\n", "\r\nConnection: close\r\n"))
                : RawHttp.head(RestAssured.port, request(example));
    }

    /** One request for each example of a body, and one for each operation without body; what makes something comes first, what ends it last. */
    private List<Example> requests() {
        var requests = new ArrayList<Example>();
        for (Operation operation : document.operations()) {
            if (operation.node().path("operationId").textValue().equals("refreshSession")) {
                // Needs an open event stream of the token that is shown: TokenLifeIT.
                continue;
            }
            JsonNode contents = operation.node().at("/requestBody/content");
            contents.fields().forEachRemaining(content -> content.getValue()
                    .path("examples")
                    .fields()
                    .forEachRemaining(example -> requests.add(new Example(
                            operation,
                            content.getKey(),
                            example.getKey(),
                            example.getValue().path("value")))));
            if (contents.isMissingNode()) {
                requests.add(new Example(operation, null, "", null));
            }
        }
        assertThat(requests).hasSizeGreaterThanOrEqualTo(6);
        return requests.stream()
                .sorted(Comparator.comparingInt(OpenApiExamplesTest::rank))
                .toList();
    }

    private static int rank(Example example) {
        if (example.operation().path().startsWith("/api/realtime/publish")
                || example.operation().method().equals("PUT")) {
            return 0;
        }
        return example.operation().method().equals("DELETE") ? 2 : 1;
    }

    private String request(Example example) {
        String path = example.operation().path();
        var query = new ArrayList<String>();
        var headers = new ArrayList<String>();
        for (JsonNode parameter : document.parameters(example.operation())) {
            JsonNode value = parameter.path("example");
            String name = parameter.path("name").textValue();
            if (parameter.path("in").textValue().equals("path")) {
                path = path.replace("{" + name + "}", encoded(value));
            } else if (parameter.path("in").textValue().equals("query") && value.isArray()) {
                value.forEach(each -> query.add(name + "=" + encoded(each)));
            } else if (parameter.path("in").textValue().equals("query") && !value.isMissingNode()) {
                query.add(name + "=" + encoded(value));
            } else if (parameter.path("in").textValue().equals("header") && !value.isMissingNode()) {
                headers.add(name + ": " + value.textValue());
            }
        }
        String address = path + (query.isEmpty() ? "" : "?" + String.join("&", query));
        byte[] body = (example.body() == null ? "" : example.body().toString()).getBytes(UTF_8);
        headers.add(example.mediaType() == null ? "X-No: body" : "Content-Type: " + example.mediaType());
        headers.add("Content-Length: " + body.length);
        return RawHttp.request(example.operation().method() + " " + address, headers.toArray(String[]::new))
                + new String(body, UTF_8);
    }

    private static boolean isOptional(String header) {
        return Set.of("Idempotent-Replayed", "Document-Merged", "Link", "ETag", "Retry-After", "Warning")
                .contains(header);
    }

    private static String encoded(JsonNode value) {
        return URLEncoder.encode(value.asText(), UTF_8);
    }
}
