package dev.heliograph.publish;

import static dev.heliograph.wire.WireNames.CHANNEL;
import static dev.heliograph.wire.WireNames.DATA;
import static dev.heliograph.wire.WireNames.EVENTS;
import static dev.heliograph.wire.WireNames.ID;
import static dev.heliograph.wire.WireNames.TIME;
import static dev.heliograph.wire.WireNames.TYPE;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Action;
import dev.heliograph.event.Event;
import dev.heliograph.json.JsonMembers;
import dev.heliograph.json.JsonText;
import dev.heliograph.json.Rfc3339;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.Publisher.Draft;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Supplier;

/** Reads events in the gateway's own JSON form. Strict: an unknown member is refused by its name. */
@Singleton
public final class EventReader {
    private static final List<String> MEMBERS = List.of(CHANNEL, TYPE, DATA, ID, TIME);

    /**
     * Reads {@code {"channel", "type", "data", "id"?, "time"?}}.
     *
     * @param text UTF-8; not changed and not kept
     * @throws ProblemException if it is anything else, or the caller may not publish there
     */
    public Draft read(Caller caller, byte[] text) {
        return read(caller, JsonText.object(text));
    }

    /**
     * Reads a message of Redis {@code PUBLISH}: an object with a {@code type}. All other members are the event's data.
     *
     * @param text UTF-8; not changed and not kept
     * @throws ProblemException if it is anything else, or the caller may not publish there
     */
    public Draft readRaw(Caller caller, String channel, byte[] text) {
        JsonMembers message = JsonText.object(text);
        return new Draft(
                caller.channel(channel, Action.PUBLISH),
                requiredString(message, TYPE),
                message.without(TYPE),
                null,
                null,
                null);
    }

    /**
     * Reads {@code {"events": [...]}}, each as {@link #read(Caller, byte[])} does.
     *
     * @param text UTF-8; not changed
     * @return one reader for each element; a reader throws the problem of its element
     * @throws ProblemException if it is anything else
     */
    List<Supplier<Draft>> readBatch(Caller caller, byte[] text) {
        return JsonText.arrayIn(EVENTS, EVENTS, text).stream()
                .map(element -> (Supplier<Draft>) () -> read(caller, element))
                .toList();
    }

    /** As {@link #read(Caller, byte[])}, for a request inside a larger one. */
    public Draft read(Caller caller, JsonMembers request) {
        request.requireOnly(MEMBERS);
        return new Draft(
                caller.channel(request.string(CHANNEL), Action.PUBLISH),
                requiredString(request, TYPE),
                request.object(DATA),
                idIn(request),
                Rfc3339.timeIn(request, TIME),
                null);
    }

    /** The client's event id; null if there is none. */
    private static String idIn(JsonMembers request) {
        String id = request.string(ID);
        if (id != null) {
            requireId(request);
        }
        return id;
    }

    static void requireId(JsonMembers request) {
        if (!Event.isLegalId(request.stringOrNull(ID))) {
            throw request.wrong(ProblemType.INVALID_REQUEST, ID, "1 to 128 printable ASCII characters but \" and \\");
        }
    }

    private static String requiredString(JsonMembers request, String name) {
        String value = request.string(name);
        if (value == null) {
            throw request.wrong(ProblemType.INVALID_REQUEST, name, "an event type such as order.updated");
        }
        return value;
    }
}
