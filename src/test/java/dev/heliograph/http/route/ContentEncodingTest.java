package dev.heliograph.http.route;

import static dev.heliograph.fixture.Problems.problem;
import static io.restassured.RestAssured.given;
import static io.restassured.config.EncoderConfig.encoderConfig;
import static io.restassured.config.RestAssuredConfig.newConfig;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies are read as they come, at every address that takes one. */
@QuarkusTest
class ContentEncodingTest {
    private static final String EVENT = "{'channel':'orders-coded','type':'order.updated','data':{}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "POST  | publish                    | application/json             | 201 | " + EVENT,
                "POST  | publish/batch              | application/json             | 200 | {'events':[" + EVENT + "]}",
                "PUT   | documents/orders-coded-put | application/json             | 201 | {'a':1}",
                "PATCH | documents/orders-coded     | application/merge-patch+json | 404 | {'a':1}",
                "PATCH | documents/orders-coded     | application/json-patch+json  | 404 | []",
                "POST  | cache/invalidate           | application/json             | 204 | {'all':true}",
            })
    void refusesEveryCodingOfBodyButIdentity(String method, String path, String type, int status, String body)
            throws IOException {
        byte[] plain = body.replace('\'', '"').getBytes();

        for (String coding : new String[] {"gzip", "GZIP", "br", "identity, gzip", "deflate, identity", "x"}) {
            // Also plain bytes that claim to be coded.
            for (byte[] sent : new byte[][] {gzip(plain), plain}) {
                problem(send(method, path, type, coding, sent), 415, "unsupported-media-type")
                        .header("Accept-Encoding", "identity")
                        .body("field", equalTo("Content-Encoding"));
            }
        }
        for (String coding : new String[] {"identity", "Identity, identity", ""}) {
            if (!method.equals("PUT")) {
                send(method, path, type, coding, plain).then().statusCode(status);
            }
        }
        send(method, path, type, "identity", plain).then().statusCode(status);
        problem(send(method, path, "text/plain", "identity", plain), 415, "unsupported-media-type")
                .header("Accept-Encoding", nullValue())
                .body("field", equalTo("Content-Type"));
    }

    private static Response send(String method, String path, String type, String coding, byte[] body) {
        return given().config(newConfig()
                        .encoderConfig(encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType(type)
                .headers(method.equals("PATCH") ? Map.of("If-Match", "*") : Map.of())
                .header("Content-Encoding", coding)
                .body(body)
                .request(method, "/api/realtime/" + path);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }
}
