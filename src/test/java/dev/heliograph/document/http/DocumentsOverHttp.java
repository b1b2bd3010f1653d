package dev.heliograph.document.http;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Position;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/** Each test writes and reads a document of its own over HTTP. */
abstract class DocumentsOverHttp {
    static final String DOCUMENTS = "/api/realtime/documents/";
    static final String MERGE_PATCH = "application/merge-patch+json";
    static final String JSON_PATCH = "application/json-patch+json";

    @Inject
    EventLog log;

    String channel;

    @BeforeEach
    void takeNewChannel() {
        channel = "orders-" + UUID.randomUUID();
    }

    String make(String json) {
        return request()
                .header("If-None-Match", "*")
                .body(json)
                .put(path())
                .then()
                .statusCode(201)
                .extract()
                .header("ETag");
    }

    Response put(Object body) {
        return request()
                .body(body instanceof byte[] bytes ? bytes : ((String) body).getBytes(UTF_8))
                .put(path());
    }

    Response get() {
        return given().get(path());
    }

    Response patch(String type, String ifMatch, String patch) {
        return given().config(plain())
                .contentType(type)
                .header("If-Match", ifMatch)
                .body(patch.getBytes(UTF_8))
                .patch(path());
    }

    Response merge(String type, String ifMatch, String patch) {
        return given().queryParam("strategy", "merge")
                .contentType(type)
                .header("If-Match", ifMatch)
                .body(patch)
                .patch(path());
    }

    static RequestSpecification request() {
        return given().config(plain()).contentType("application/json");
    }

    /** Sends the Content-Type as it is. */
    private static RestAssuredConfig plain() {
        return RestAssuredConfig.config()
                .encoderConfig(EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                        .defaultContentCharset(UTF_8));
    }

    String path() {
        return DOCUMENTS + channel;
    }

    static String tag(Position version) {
        return '"' + version.cursor() + '"';
    }

    Position top() {
        return log.since(new Channel(channel), null, 1)
                .await()
                .atMost(Duration.ofSeconds(5))
                .top();
    }

    List<String> payloads(Position after) {
        return log.since(new Channel(channel), after, 100).await().atMost(Duration.ofSeconds(5)).entries().stream()
                .map(Entry::payload)
                .map(payload -> new String(payload, UTF_8))
                .toList();
    }
}
