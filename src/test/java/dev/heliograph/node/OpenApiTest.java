package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.heliograph.http.route.Route;
import dev.heliograph.node.OpenApiDocument.Operation;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.http.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.ArrayList;
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
    private OpenApiDocument openApi;
    private JsonNode document;
    private JsonSchema schemas;

    @BeforeEach
    void readDocument() throws IOException {
        openApi = OpenApiDocument.read();
        document = openApi.root();
        schemas = openApi.schemas();
    }

    @Test
    void theDocumentIsServedAsItIsWritten() {
        assertThat(document.path("openapi").textValue()).startsWith("3.1");
        assertThat(document.at("/info/title").textValue()).isEqualTo("Heliograph");
        assertThat(document.at("/info/version").textValue()).isEqualTo("1");
        assertThat(openApi.operations()).hasSize(39);
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
    void everyOperationHasItsOwnNameAndAnswers() {
        assertThat(openApi.operations())
                .extracting(operation -> operation.node().path("operationId").textValue())
                .doesNotContainNull()
                .doesNotHaveDuplicates();
        assertThat(openApi.operations()).allSatisfy(operation -> assertThat((Iterable<String>)
                        () -> operation.node().path("responses").fieldNames())
                .as(operation.toString())
                .contains("400", "403", "413", "414", "415", "429", "431", "500")
                .anyMatch(status -> status.equals("405") != operation.method().equals("OPTIONS"))
                .anyMatch(status -> status.startsWith("2")));
    }

    @Test
    void everyBodyHasTheMediaTypesOfItsRoute() {
        var operations = openApi.operations().stream()
                .filter(operation -> Route.of(operation.path()) != null)
                .toList();

        assertThat(operations).hasSizeGreaterThan(20).allSatisfy(operation -> assertThat((Iterable<String>)
                        () -> schemas.resolve(operation.node().path("requestBody"))
                                .path("content")
                                .fieldNames())
                .as(operation.toString())
                .containsExactlyElementsOf(
                        Route.of(operation.path()).contentTypes(HttpMethod.valueOf(operation.method()))));
    }

    @Test
    void everyObjectSaysWhetherItMayHaveOtherMembers() {
        List<JsonNode> objects = document.findParents("type").stream()
                .filter(schema -> schema.path("type").isTextual()
                        ? schema.path("type").textValue().equals("object")
                        : schema.path("type").toString().contains("\"object\""))
                .toList();

        assertThat(objects).hasSizeGreaterThan(20).allSatisfy(schema -> assertThat(
                        schema.path("additionalProperties").isBoolean())
                .as(schema.toString())
                .isTrue());
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
        for (Operation operation : openApi.operations()) {
            for (JsonNode parameter : openApi.parameters(operation)) {
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
    void everyResourceIsInTheDocument() {
        Set<String> documented =
                openApi.operations().stream().map(Operation::toString).collect(Collectors.toSet());
        Set<String> known = resources();

        assertThat(known)
                .containsExactly(
                        "DELETE /api/realtime/revocations",
                        "GET /api/realtime/channels/{channel}/events",
                        "GET /api/realtime/channels/{channel}/latest",
                        "GET /api/realtime/revocations",
                        "POST /api/realtime/revocations",
                        "POST /api/realtime/tickets");
        assertThat(documented).containsAll(known);
    }

    @Test
    void theDocumentAndTheRoutesSayTheSame() {
        Map<String, Set<String>> methods = openApi.operations().stream()
                .collect(Collectors.groupingBy(
                        Operation::path, Collectors.mapping(Operation::method, Collectors.toSet())));

        // The WebSocket speaks no HTTP once it is open, so OpenAPI has no words for it.
        methods.forEach((path, documented) -> {
            String address = path.replace("{channel}", "orders-123").replace("{key}", "orders-123");
            assertThat(Route.of(address).methods())
                    .as(path)
                    .extracting(HttpMethod::name)
                    .containsExactlyInAnyOrderElementsOf(documented);
        });
        assertThat(Route.values())
                .extracting(Route::path)
                .allMatch(path -> path.equals(Route.Path.WS) || methods.containsKey(path));
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
