package dev.heliograph.node;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The OpenAPI document as the gateway serves it. */
final class OpenApiDocument {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode root;
    private final JsonSchema schemas;

    private OpenApiDocument(JsonNode root) {
        this.root = root;
        this.schemas = new JsonSchema(root);
    }

    /** @param method in capitals */
    record Operation(String path, String method, JsonNode node) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static OpenApiDocument read() throws IOException {
        String text = given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        return new OpenApiDocument(JSON.readTree(text));
    }

    JsonNode root() {
        return root;
    }

    JsonSchema schemas() {
        return schemas;
    }

    List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        root.path("paths").fields().forEachRemaining(path -> path.getValue()
                .fields()
                .forEachRemaining(method -> operations.add(
                        new Operation(path.getKey(), method.getKey().toUpperCase(), method.getValue()))));
        return operations;
    }

    List<JsonNode> parameters(Operation operation) {
        var parameters = new ArrayList<JsonNode>();
        operation.node().path("parameters").forEach(parameter -> parameters.add(schemas.resolve(parameter)));
        return parameters;
    }
}
