package dev.heliograph.node;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.heliograph.fixture.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.http.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The document at {@code /q/openapi} and the gateway say the same. */
@QuarkusTest
class OpenApiTest {
    /** Speaks no HTTP once it is open, so OpenAPI has no words for it. */
    private static final String WEBSOCKET = "/api/realtime/ws";

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonNode document;
    private JsonSchema schemas;

    /** @param method in capitals */
    private record Operation(String path, String method, JsonNode node) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** @param body null if there is none */
    private record Example(Operation operation, String mediaType, String name, JsonNode body) {}

    @BeforeEach
    void readDocument() throws IOException {
        String text = given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        document = JSON.readTree(text);
        schemas = new JsonSchema(document);
    }

    @Test
    void theDocumentIsServedAsItIsWritten() {
        assertThat(document.path("openapi").textValue()).startsWith("3.1");
        assertThat(document.at("/info/title").textValue()).isEqualTo("Heliograph");
        assertThat(document.at("/info/version").textValue()).isEqualTo("1");
        assertThat(operations()).hasSize(14);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<JsonNode> references = document.findParents("$ref");

        assertThat(references).hasSizeGreaterThan(100);
        assertThat(references)
                .allSatisfy(reference -> assertThat(schemas.resolve(reference).isMissingNode())
                        .as(reference.toString())
                        .isFalse());
    }

    @Test
    void everyComponentIsUsed() {
        String text = document.toString();

        document.path("components")
                .fields()
                .forEachRemaining(kind -> kind.getValue().fieldNames().forEachRemaining(name -> assertThat(text)
                        .contains("\"#/components/" + kind.getKey() + "/" + name + "\"")));
    }

    @Test
    void everyOperationHasItsOwnNameAndWhatItMayAnswer() {
        assertThat(operations())
                .extracting(operation -> operation.node().path("operationId").textValue())
                .doesNotContainNull()
                .doesNotHaveDuplicates();
        assertThat(operations()).allSatisfy(operation -> assertThat((Iterable<String>)
                        () -> operation.node().path("responses").fieldNames())
                .as(operation.toString())
                .contains("403", "405", "429")
                .anyMatch(status -> status.startsWith("2")));
    }

    @Test
    void everyBodyHasExamplesThatFollowItsSchema() {
        List<JsonNode> contents = new ArrayList<>();
        document.findValues("content").forEach(content -> content.forEach(contents::add));

        assertThat(contents).hasSizeGreaterThan(15).allSatisfy(content -> {
            List<JsonNode> examples = examples(content);
            assertThat(examples).as(content.toString()).isNotEmpty();
            assertThat(examples).allSatisfy(example -> assertThat(schemas.faults(content.path("schema"), example))
                    .isEmpty());
        });
    }

    @Test
    void everyExampleOfAParameterFollowsItsSchema() {
        for (Operation operation : operations()) {
            for (JsonNode parameter : parameters(operation)) {
                JsonNode example = parameter.path("example");
                assertThat(example.isMissingNode() && parameter.path("required").booleanValue())
                        .as(operation + " " + parameter)
                        .isFalse();
                if (!example.isMissingNode()) {
                    assertThat(schemas.faults(parameter.path("schema"), example))
                            .as(operation + " " + parameter)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void everyExampleIsAnsweredAsDocumented() throws IOException {
        for (Example example : requests()) {
            String answer = RawHttp.head(RestAssured.port, request(example));

            String status = answer.split(" ")[1];
            JsonNode response =
                    schemas.resolve(example.operation().node().path("responses").path(status));
            assertThat(status).as(example + "\n" + answer).startsWith("2");
            assertThat(response.isMissingNode()).as(example + "\n" + answer).isFalse();
            JsonNode schema = response.path("content").path("application/json").path("schema");
            if (!schema.isMissingNode()) {
                JsonNode body = JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n")));
                assertThat(schemas.faults(schema, body))
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
    void everyResourceIsInTheDocument() {
        Set<String> documented = operations().stream().map(Operation::toString).collect(Collectors.toSet());
        Set<String> known = resources();

        assertThat(known).hasSizeGreaterThanOrEqualTo(3);
        assertThat(documented).containsAll(known);
    }

    @Test
    void theDocumentAndTheTableOfMethodsSayTheSame() {
        Map<String, Set<String>> methods = operations().stream()
                .collect(Collectors.groupingBy(
                        Operation::path, Collectors.mapping(Operation::method, Collectors.toSet())));

        methods.forEach((path, documented) -> {
            String address = path.replace("{channel}", "orders-123").replace("{key}", "orders-123");
            assertThat(AllowedMethods.of(address))
                    .as(path)
                    .filteredOn(method -> !method.equals(HttpMethod.OPTIONS) && !method.equals(HttpMethod.HEAD))
                    .extracting(HttpMethod::name)
                    .containsExactlyInAnyOrderElementsOf(documented);
        });
        assertThat(AllowedMethods.paths()).allMatch(path -> path.equals(WEBSOCKET) || methods.containsKey(path));
    }

    private List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        document.path("paths").fields().forEachRemaining(path -> path.getValue()
                .fields()
                .forEachRemaining(method -> operations.add(
                        new Operation(path.getKey(), method.getKey().toUpperCase(), method.getValue()))));
        return operations;
    }

    private List<JsonNode> parameters(Operation operation) {
        var parameters = new ArrayList<JsonNode>();
        operation.node().path("parameters").forEach(parameter -> parameters.add(schemas.resolve(parameter)));
        return parameters;
    }

    /** One request for each example of a body, and one for each operation without body; what makes something comes first, what ends it last. */
    private List<Example> requests() {
        var requests = new ArrayList<Example>();
        for (Operation operation : operations()) {
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
                .sorted(Comparator.comparingInt(OpenApiTest::rank))
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
        for (JsonNode parameter : parameters(example.operation())) {
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
        return Set.of("Idempotent-Replayed", "Document-Merged", "Link", "ETag", "Retry-After")
                .contains(header);
    }

    private static String encoded(JsonNode value) {
        return URLEncoder.encode(value.asText(), UTF_8);
    }

    private static List<JsonNode> examples(JsonNode content) {
        var examples = new ArrayList<JsonNode>();
        if (content.has("example")) {
            examples.add(content.path("example"));
        }
        content.path("examples").forEach(example -> examples.add(example.path("value")));
        return examples;
    }

    /** Method and path of all that quarkus-rest serves for us. */
    private static Set<String> resources() {
        var resources = new TreeSet<String>();
        new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests()).importPackages("dev.heliograph").stream()
                        .filter(type -> type.isAnnotatedWith(Path.class))
                        .flatMap(type -> Stream.of(type.reflect().getDeclaredMethods()))
                        .forEach(method -> Stream.of(method.getAnnotations())
                                .map(annotation ->
                                        annotation.annotationType().getAnnotation(jakarta.ws.rs.HttpMethod.class))
                                .filter(annotation -> annotation != null)
                                .forEach(annotation -> resources.add(annotation.value() + " "
                                        + method.getDeclaringClass()
                                                .getAnnotation(Path.class)
                                                .value()
                                        + (method.isAnnotationPresent(Path.class)
                                                ? method.getAnnotation(Path.class)
                                                        .value()
                                                : ""))));
        return resources;
    }
}
