package dev.heliograph.publish;

import static dev.heliograph.fuzz.Parser.CALLER;
import static dev.heliograph.fuzz.Parser.require;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.event.Event;
import dev.heliograph.fuzz.Parser;
import dev.heliograph.json.JsonText;
import dev.heliograph.json.Rfc3339;
import dev.heliograph.publish.Publisher.Draft;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** What is fuzzed of this package. */
public final class PublishParsers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EventReader EVENTS = new EventReader();
    private static final CloudEventReader CLOUD_EVENTS = new CloudEventReader();

    private static final String EVENT = "{\"channel\":\"orders-1\",\"type\":\"order.updated\",\"id\":\"a 1\","
            + "\"time\":\"2026-01-31T12:00:00Z\",\"data\":{\"status\":\"paid\",\"total\":12.30}}";
    private static final String CLOUD_EVENT = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/shop\","
            + "\"type\":\"order.updated\",\"subject\":\"orders-1\",\"datacontenttype\":\"application/json\","
            + "\"time\":\"2026-01-31T12:00:00+01:00\",\"data\":{\"a\":[1]}}";

    private PublishParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofBytes(
                        "event",
                        text -> requireLegal(EVENTS.read(CALLER, text)),
                        EVENT,
                        EVENT.replace(",", ",\r\n"),
                        closed(EVENT)),
                Parser.ofBytes(
                        "raw event",
                        text -> requireLegal(EVENTS.readRaw(CALLER, "orders-1", text)),
                        "{\"type\":\"order.updated\",\"order\":{\"status\":\"paid\"}}",
                        "{\r\"type\":\"order.updated\",\n\"order\":\r\n{\"status\":\r\"paid\"}}"),
                Parser.ofBytes(
                        "event batch",
                        text -> requireAllLegal(EVENTS.readBatch(CALLER, text)),
                        "{\"events\":[" + EVENT + "," + closed(EVENT) + "]}",
                        "{\"events\":[" + EVENT + "]}"),
                Parser.ofBytes(
                        "cloud event",
                        text -> requireLegal(CLOUD_EVENTS.read(CALLER, text)),
                        CLOUD_EVENT,
                        closed(CLOUD_EVENT),
                        CLOUD_EVENT.replace("\"subject\"", "\"channel\"")),
                Parser.ofBytes(
                        "cloud event batch",
                        text -> requireAllLegal(CLOUD_EVENTS.readBatch(CALLER, text)),
                        "[" + CLOUD_EVENT + "]"),
                Parser.ofLines("Idempotency-Key", PublishParsers::readKey, "a-1", "a\nb"),
                Parser.ofText(
                        "time",
                        PublishParsers::readTime,
                        "2026-01-31T12:00:00.123456789Z",
                        "2016-12-31t23:59:60z",
                        "2024-02-29T00:00:00.5+14:30",
                        "0000-01-01T00:00:00-00:01",
                        "9999-12-31T23:59:59.9999999999Z"));
    }

    private static String closed(String event) {
        return event.replace("orders-1", "finance-1");
    }

    private static void requireAllLegal(List<Supplier<Draft>> drafts) {
        drafts.forEach(draft -> requireLegal(draft.get()));
    }

    private static void requireLegal(Draft draft) {
        Parser.requireGranted(draft.channel());
        require(draft.id() == null || draft.id().matches("[ -~&&[^\"\\\\]]{1,128}"), "an id is printable", draft.id());
        String data = new String(draft.data(), StandardCharsets.UTF_8);
        require(data.indexOf('\n') < 0 && data.indexOf('\r') < 0, "data is on one line", data);
        try {
            require(JSON.readTree(draft.data()).isObject(), "data is an object", data);
            if (draft.type().matches("[A-Za-z0-9_.:]{1,128}")) {
                var event = new Event(
                        draft.id() == null ? "1" : draft.id(),
                        draft.channel(),
                        draft.type(),
                        draft.time() == null ? Instant.EPOCH : draft.time(),
                        draft.data());
                require(JSON.readTree(event.payload()).size() == 5, "an event is an object", data);
            }
        } catch (IOException e) {
            throw new AssertionError("what was accepted is no JSON: " + data, e);
        }
    }

    private static void readKey(List<String> fields) {
        String key = IdempotencyKey.read(fields);

        require(key.equals(fields.get(0)) && fields.size() == 1, "one key is read", fields);
        require(key.matches("[ -~]{1,255}"), "a key is printable", key);
    }

    /** Asked within a request, as clients write it. */
    private static void readTime(String written) {
        var request = JSON.createObjectNode().put("time", written);
        Instant time;
        try {
            time = Rfc3339.timeIn(JsonText.object(JSON.writeValueAsBytes(request)), "time");
        } catch (IOException noUnicode) {
            return;
        }

        require(!time.isBefore(Instant.parse("0000-01-01T00:00:00Z")), "a time has a year of four digits", time);
        require(time.isBefore(Instant.parse("+10000-01-01T00:00:00Z")), "a time has a year of four digits", time);
        try {
            // Java knows neither leap seconds nor more than nine digits.
            require(
                    OffsetDateTime.parse(written.toUpperCase(Locale.ROOT))
                            .toInstant()
                            .equals(time),
                    "a time is as Java reads it",
                    time);
        } catch (DateTimeException notInJava) {
            require(written.contains(":60") || written.matches(".*\\.[0-9]{10,}.*"), "Java reads most times", written);
        }
    }
}
