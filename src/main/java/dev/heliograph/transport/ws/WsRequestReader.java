package dev.heliograph.transport.ws;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Reads what stands inside an envelope, strictly: what is not understood is refused, by name. */
@Singleton
final class WsRequestReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int SHOWN_VALUE_CHARS = 80;
    private static final String KINDS = "subscribe, unsubscribe, publish or ping";

    private final Catalogue catalogue;

    WsRequestReader(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** @throws ProblemException that names what is wrong with the request */
    WsRequest read(WsEnvelope envelope) {
        if (envelope.refusal() != null) {
            throw new ProblemException(envelope.refusal());
        }
        if (envelope.id() == null) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    "id is missing or wrong, expected an integer of at most 18 digits or a string of 1 to 64 printable"
                            + " ASCII characters");
        }
        if (envelope.kinds() != 1) {
            throw ProblemException.of(
                    ProblemType.UNKNOWN_REQUEST,
                    "There are " + envelope.kinds() + " members beside id, expected exactly one: " + KINDS);
        }
        return switch (envelope.kind()) {
            case "subscribe" -> subscribe(body(envelope, Set.of("channel", "types", "cursor", "document")));
            case "unsubscribe" -> new WsRequest.Unsubscribe(channel(body(envelope, Set.of("channel"))));
            case "publish" -> new WsRequest.Publish(envelope.body());
            case "ping" -> {
                body(envelope, Set.of());
                yield new WsRequest.Ping();
            }
            default ->
                throw ProblemException.inField(
                        ProblemType.UNKNOWN_REQUEST, "request", envelope.kind(), "one of " + KINDS);
        };
    }

    private WsRequest subscribe(JsonNode body) {
        JsonNode cursor = body.get("cursor");
        if (cursor != null && !cursor.isTextual()) {
            throw wrong(ProblemType.INVALID_CURSOR, "cursor", cursor, "a string that this gateway sent");
        }
        Channel channel = channel(body);
        Set<String> types = types(body.get("types"));
        catalogue.requireTypes("types", types, List.of(channel));
        boolean document = document(body.get("document"), channel);
        Position after = cursor == null ? null : Position.parse(cursor.textValue());
        return new WsRequest.Subscribe(channel, types, after, document);
    }

    private static boolean document(JsonNode written, Channel channel) {
        if (written != null && !written.isBoolean()) {
            throw wrong(ProblemType.INVALID_REQUEST, "document", written, "true or false");
        }
        boolean document = written != null && written.booleanValue();
        if (document && channel.isFirehose()) {
            throw ProblemException.inField(
                    ProblemType.INVALID_CHANNEL, "channel", channel, "<namespace>-<id>: a firehose has no document");
        }
        return document;
    }

    private static Set<String> types(JsonNode written) {
        var types = new HashSet<String>();
        if (written == null) {
            return types;
        }
        if (!written.isArray() || written.isEmpty()) {
            throw wrong(
                    ProblemType.INVALID_REQUEST, "types", written, "an array of at least one event type, or no types");
        }
        for (JsonNode type : written) {
            if (!type.isTextual()) {
                throw wrong(ProblemType.INVALID_REQUEST, "types", type, "strings only");
            }
            types.add(type.textValue());
        }
        return types;
    }

    private Channel channel(JsonNode body) {
        JsonNode channel = body.get("channel");
        if (channel != null && !channel.isTextual()) {
            throw wrong(ProblemType.INVALID_CHANNEL, "channel", channel, "a string");
        }
        return catalogue.channel(channel == null ? null : channel.textValue());
    }

    private static JsonNode body(WsEnvelope envelope, Set<String> known) {
        JsonNode body;
        try {
            body = JSON.readTree(envelope.body());
        } catch (IOException refused) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    envelope.kind() + " has a member twice or a number of too many digits, expected each member once");
        }
        if (!body.isObject()) {
            throw wrong(ProblemType.INVALID_REQUEST, envelope.kind(), body, "a JSON object");
        }
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw ProblemException.inField(
                        ProblemType.INVALID_REQUEST,
                        envelope.kind() + " member",
                        name,
                        known.isEmpty()
                                ? "an empty object"
                                : "only "
                                        + String.join(
                                                ", ", known.stream().sorted().toList()));
            }
        }
        return body;
    }

    /** A problem with a member that shows it as the JSON text that it is. */
    private static ProblemException wrong(ProblemType type, String name, JsonNode written, String expected) {
        String text = written.toString();
        String shown = text.length() <= SHOWN_VALUE_CHARS ? text : text.substring(0, SHOWN_VALUE_CHARS) + "...";
        return new ProblemException(new Problem(type, name + " is " + shown + ", expected " + expected, name, null));
    }
}
