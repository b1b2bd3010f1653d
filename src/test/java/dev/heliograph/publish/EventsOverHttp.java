package dev.heliograph.publish;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.Channel;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Position;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;

/** Publishes over HTTP, and looks into the log. */
abstract class EventsOverHttp {
    static final String PUBLISH = "/api/realtime/publish";
    static final String BATCH = "/api/realtime/publish/batch";
    static final String CLOUD_EVENT = "application/cloudevents+json";
    static final String CLOUD_EVENT_BATCH = "application/cloudevents-batch+json";
    static final String GOOD = """
            {"channel":"orders-1","type":"order.updated","data":{"n":1}}""";

    @Inject
    EventLog log;

    Position top(String channel) {
        return log.since(new Channel(channel), null, 1)
                .await()
                .atMost(Duration.ofSeconds(5))
                .top();
    }

    String payload(String channel, Position after) {
        var history = log.since(new Channel(channel), after, 10).await().atMost(Duration.ofSeconds(5));
        assertThat(history.entries()).hasSize(1);
        return new String(history.entries().get(0).payload(), UTF_8);
    }

    static String with(String member) {
        return GOOD.substring(0, GOOD.length() - 1) + "," + member + "}";
    }

    static ValidatableResponse post(String path, String body) {
        return post(path, "application/json", body.getBytes(UTF_8));
    }

    static ValidatableResponse post(String path, String contentType, byte[] body) {
        return given().config(bytesAsTheyAre())
                .contentType(contentType)
                .body(body)
                .post(path)
                .then();
    }

    static ValidatableResponse postWithKey(String path, String body, String key, String... more) {
        return given().contentType("application/json")
                .header("Idempotency-Key", key, (Object[]) more)
                .body(body)
                .post(path)
                .then();
    }

    private static RestAssuredConfig bytesAsTheyAre() {
        return RestAssuredConfig.config()
                .encoderConfig(EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                        .encodeContentTypeAs("garbage", ContentType.TEXT)
                        .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.TEXT)
                        .encodeContentTypeAs("multipart/form-data", ContentType.TEXT)
                        .encodeContentTypeAs(CLOUD_EVENT, ContentType.TEXT)
                        .encodeContentTypeAs(CLOUD_EVENT_BATCH, ContentType.TEXT));
    }
}
