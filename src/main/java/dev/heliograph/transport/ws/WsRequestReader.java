package dev.heliograph.transport.ws;

import static dev.heliograph.wire.WireNames.AUTHENTICATE;
import static dev.heliograph.wire.WireNames.CHANNEL;
import static dev.heliograph.wire.WireNames.CURSOR;
import static dev.heliograph.wire.WireNames.DOCUMENT;
import static dev.heliograph.wire.WireNames.PING;
import static dev.heliograph.wire.WireNames.PUBLISH;
import static dev.heliograph.wire.WireNames.REFRESH;
import static dev.heliograph.wire.WireNames.SUBSCRIBE;
import static dev.heliograph.wire.WireNames.TOKEN;
import static dev.heliograph.wire.WireNames.TYPES;
import static dev.heliograph.wire.WireNames.UNSUBSCRIBE;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.hub.Kind;
import dev.heliograph.json.JsonMembers;
import dev.heliograph.json.JsonSlice;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.EventReader;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the request in an envelope. Strict: an unknown member is refused by name. */
@Singleton
final class WsRequestReader {
    private static final String KINDS =
            String.join(", ", SUBSCRIBE, UNSUBSCRIBE, PUBLISH, PING, AUTHENTICATE) + " or " + REFRESH;

    private final Catalogue catalogue;
    private final EventReader events;

    WsRequestReader(Catalogue catalogue, EventReader events) {
        this.catalogue = catalogue;
        this.events = events;
    }

    /** @throws ProblemException that names what is wrong with the request, or says that the caller may not make it */
    WsRequest read(Caller caller, WsEnvelope envelope) {
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
            case SUBSCRIBE -> subscribe(caller, body(envelope, Set.of(CHANNEL, TYPES, CURSOR, DOCUMENT)));
            case UNSUBSCRIBE -> new WsRequest.Unsubscribe(channel(caller, body(envelope, Set.of(CHANNEL))));
            case PUBLISH ->
                new WsRequest.Publish(events.read(caller, envelope.body().members("the body")));
            case PING -> {
                body(envelope, Set.of());
                yield new WsRequest.Ping();
            }
            case AUTHENTICATE -> new WsRequest.Authenticate(token(envelope));
            case REFRESH -> new WsRequest.Refresh(token(envelope));
            default ->
                throw ProblemException.inField(
                        ProblemType.UNKNOWN_REQUEST, "request", envelope.kind(), "one of " + KINDS);
        };
    }

    private WsRequest subscribe(Caller caller, JsonMembers body) {
        String cursor = body.string(CURSOR, ProblemType.INVALID_CURSOR, "a string that this gateway sent");
        Channel channel = channel(caller, body);
        Set<String> types = types(body);
        catalogue.requireTypes(TYPES, types, List.of(channel));
        Set<Kind> kinds = kinds(caller, body, channel);
        Position after = cursor == null ? null : Position.parse(cursor);
        return new WsRequest.Subscribe(channel, types, after, kinds);
    }

    private static Set<Kind> kinds(Caller caller, JsonMembers body, Channel channel) {
        if (!body.isTrue(DOCUMENT)) {
            return Set.of(Kind.EVENTS);
        }
        channel.requireDocumented();
        caller.requireMay(Action.READ, channel);
        return Set.of(Kind.EVENTS, Kind.DOCUMENTS);
    }

    private static Set<String> types(JsonMembers body) {
        JsonSlice written = body.get(TYPES);
        if (written == null) {
            return Set.of();
        }
        if (written.elements().isEmpty()) {
            throw written.wrong(ProblemType.INVALID_REQUEST, TYPES, "an array of at least one event type, or no types");
        }
        var types = new HashSet<String>();
        for (JsonSlice type : written.elements()) {
            if (type.string() == null) {
                throw type.wrong(ProblemType.INVALID_REQUEST, TYPES, "strings only");
            }
            types.add(type.string());
        }
        return types;
    }

    private static Channel channel(Caller caller, JsonMembers body) {
        return caller.channel(body.string(CHANNEL, ProblemType.INVALID_CHANNEL, "a string"), Action.SUBSCRIBE);
    }

    /** Refusals show nothing of the value, which may be a token in the wrong place. */
    private static String token(WsEnvelope envelope) {
        if (!envelope.body().isObject()) {
            throw ProblemException.atFault(
                    ProblemType.INVALID_REQUEST, envelope.kind(), "no object", "{\"token\":\"...\"}");
        }
        JsonSlice token = body(envelope, Set.of(TOKEN)).get(TOKEN);
        if (token == null || token.string() == null) {
            throw ProblemException.atFault(
                    ProblemType.INVALID_REQUEST, TOKEN, "missing or no string", "a token or API key");
        }
        return token.string();
    }

    private static JsonMembers body(WsEnvelope envelope, Set<String> known) {
        String kind = envelope.kind();
        if (!envelope.body().isObject()) {
            throw envelope.body().wrong(ProblemType.INVALID_REQUEST, kind, "a JSON object");
        }
        JsonMembers body = envelope.body().members(kind);
        List<String> names = body.names();
        if (Set.copyOf(names).size() < names.size()) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    kind + " has a member twice or a number of too many digits, expected each member once");
        }
        for (String name : names) {
            if (!known.contains(name)) {
                throw ProblemException.inField(
                        ProblemType.INVALID_REQUEST,
                        kind + " member",
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
}
