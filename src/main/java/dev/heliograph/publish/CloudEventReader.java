package dev.heliograph.publish;

import static dev.heliograph.wire.WireNames.CHANNEL;
import static dev.heliograph.wire.WireNames.DATA;
import static dev.heliograph.wire.WireNames.ID;
import static dev.heliograph.wire.WireNames.TIME;
import static dev.heliograph.wire.WireNames.TYPE;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Action;
import dev.heliograph.event.Channel;
import dev.heliograph.json.JsonMembers;
import dev.heliograph.json.JsonText;
import dev.heliograph.json.Rfc3339;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.Publisher.Draft;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads events in the JSON form of CloudEvents 1.0, structured mode. The channel is in the extension attribute {@code
 * channel}, otherwise in {@code subject}. A repeat has the same {@code source} and {@code id}, which together are unique by
 * the specification. Other attributes are not passed on.
 */
@Singleton
final class CloudEventReader {
    private static final Pattern SOURCE = Pattern.compile("[\\x21-\\x7E]{1,512}");
    private static final Pattern JSON_TYPE = Pattern.compile("[a-z0-9.-]+/([a-z0-9.-]+\\+)?json\\s*(;.*)?");

    /**
     * Reads one event.
     *
     * @param text UTF-8; neither changed nor kept
     * @throws ProblemException if it is no CloudEvent 1.0 that the caller may publish
     */
    Draft read(Caller caller, byte[] text) {
        return draft(caller, JsonText.object(text));
    }

    /**
     * Reads an array of events, the JSON Batch Format.
     *
     * @param text UTF-8; not changed
     * @return one reader for each element; a reader throws the problem of its element
     * @throws ProblemException if it is anything else
     */
    List<Supplier<Draft>> readBatch(Caller caller, byte[] text) {
        return JsonText.array(text).stream()
                .map(element -> (Supplier<Draft>) () -> draft(caller, element))
                .toList();
    }

    private static Draft draft(Caller caller, JsonMembers event) {
        event.requireDistinct();
        if (!"1.0".equals(event.stringOrNull("specversion"))) {
            throw event.wrong(ProblemType.INVALID_REQUEST, "specversion", "\"1.0\"");
        }
        EventReader.requireId(event);
        String id = event.string(ID);
        String type = event.stringOrNull(TYPE);
        if (type == null) {
            throw event.wrong(ProblemType.INVALID_REQUEST, TYPE, "an event type such as order.updated");
        }
        String source = source(event);
        requireJson(event);
        return new Draft(
                channel(caller, event),
                type,
                event.object(DATA),
                id,
                event.isAbsent(TIME) ? null : Rfc3339.timeIn(event, TIME),
                source + ' ' + id);
    }

    private static Channel channel(Caller caller, JsonMembers event) {
        String channel = event.stringOrNull(CHANNEL);
        String subject = event.stringOrNull("subject");
        return caller.channel(channel == null ? subject : channel, Action.PUBLISH);
    }

    private static String source(JsonMembers event) {
        String source = event.stringOrNull("source");
        if (source == null || !SOURCE.matcher(source).matches()) {
            throw event.wrong(ProblemType.INVALID_REQUEST, "source", "a URI reference of 1 to 512 characters");
        }
        return source;
    }

    private static void requireJson(JsonMembers event) {
        String contentType = event.stringOrNull("datacontenttype");
        if (contentType != null
                && !JSON_TYPE.matcher(contentType.toLowerCase(Locale.ROOT)).matches()) {
            throw event.wrong(ProblemType.INVALID_DATA, "datacontenttype", "a JSON media type or none");
        }
        if (!event.isAbsent("data_base64")) {
            throw event.wrong(ProblemType.INVALID_DATA, "data_base64", "a JSON object in data instead");
        }
    }
}
