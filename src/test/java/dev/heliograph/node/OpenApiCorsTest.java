package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of other origins may send and read all headers that the document at {@code /q/openapi} names. */
@QuarkusTest
class OpenApiCorsTest {
    /** Readable without being listed, by the Fetch standard. */
    private static final Set<String> SAFE = Set.of("cache-control", "last-modified");

    private static final Set<String> FOR_PROXIES = Set.of("x-accel-buffering");
    /** OpenAPI describes them in other ways than as parameters. */
    private static final Set<String> BESIDE_PARAMETERS = Set.of("content-type", "authorization", "accept");
    /** What polyfills of browsers' event streams send; the gateway reads neither. */
    private static final Set<String> OF_POLYFILLS = Set.of("cache-control", "x-requested-with");

    private OpenApiDocument document;

    @BeforeEach
    void readDocument() throws IOException {
        document = OpenApiDocument.read();
    }

    @Test
    void everyHeaderOfAnAnswerIsExposed() {
        var expected = new TreeSet<String>();
        Stream.concat(responses(), document.root().at("/components/responses").valueStream())
                .forEach(response -> response.path("headers")
                        .fieldNames()
                        .forEachRemaining(name -> expected.add(name.toLowerCase())));
        expected.removeAll(SAFE);
        expected.removeAll(FOR_PROXIES);

        assertThat(listed("exposed-headers")).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void everyHeaderOfARequestIsAllowed() {
        var expected = new TreeSet<>(BESIDE_PARAMETERS);
        expected.addAll(OF_POLYFILLS);
        document.operations().stream()
                .flatMap(operation -> document.parameters(operation).stream())
                .filter(parameter -> parameter.path("in").textValue().equals("header"))
                .forEach(parameter ->
                        expected.add(parameter.path("name").textValue().toLowerCase()));

        assertThat(listed("headers")).containsExactlyInAnyOrderElementsOf(expected);
    }

    private Stream<JsonNode> responses() {
        return document.operations().stream()
                .flatMap(operation -> operation.node().path("responses").valueStream());
    }

    private static String[] listed(String key) {
        return ConfigProvider.getConfig().getValue("quarkus.http.cors." + key, String[].class);
    }
}
