package dev.heliograph.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import dev.heliograph.log.DocumentLog.Snapshot;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A document's next state, and the event of the change. The event's data is {@code {"document":{...}}}, or {@code
 * {"document":null}} for a deletion. Only this type knows that form. A mark beside the data tells the event from published
 * ones.
 *
 * @param type of the event, one of the namespace's
 * @param time of the change, by the writer's clock
 * @param json one JSON object in UTF-8, without line breaks; null: the document is deleted
 */
public record DocumentChange(String id, Channel channel, String type, Instant time, byte[] json) {
    private static final byte[] NULL = "null".getBytes(US_ASCII);
    private static final byte[] DATA_HEAD = "{\"document\":".getBytes(US_ASCII);
    // docs/decisions.md: A change of a document is marked beside its data
    /** Cannot come earlier in a payload: no member before it holds a quotation mark. */
    private static final byte[] PAYLOAD_HEAD = ",\"document\":true,\"data\":{\"document\":".getBytes(US_ASCII);

    private static final int PAYLOAD_TAIL_LENGTH = "}}".length();

    public DocumentChange {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(time, "time");
    }

    /** Returns the document after the change; null if it is deleted. */
    public Document documentAt(Position version) {
        return json == null ? null : new Document(json, version, time);
    }

    public Event event() {
        byte[] state = json == null ? NULL : json;
        var data = new ByteArrayOutputStream(DATA_HEAD.length + state.length + 1);
        data.writeBytes(DATA_HEAD);
        data.writeBytes(state);
        data.write('}');
        return new Event(id, channel, type, time, true, data.toByteArray());
    }

    /** The index in the payload of {@link #event} at which the document begins. */
    public int startIn(byte[] payload) {
        return start(payload);
    }

    /** Whether an entry is the event of a change. Looks only at the head of its payload. */
    public static boolean isToldBy(Entry entry) {
        return start(entry.payload()) >= 0;
    }

    /** The document and top after the change of an entry; empty if the entry is no change. */
    public static Optional<Snapshot> toldBy(Entry entry) {
        byte[] payload = entry.payload();
        int start = start(payload);
        return start < 0 ? Optional.empty() : Optional.of(told(entry, start, payload.length - PAYLOAD_TAIL_LENGTH));
    }

    private static Snapshot told(Entry entry, int start, int end) {
        boolean isDeletion = Arrays.equals(entry.payload(), start, end, NULL, 0, NULL.length);
        Document document = isDeletion
                ? null
                : new Document(Arrays.copyOfRange(entry.payload(), start, end), entry.position(), entry.time());
        return new Snapshot(Optional.ofNullable(document), entry.position());
    }

    private static int start(byte[] payload) {
        for (int at = 0; at + PAYLOAD_HEAD.length <= payload.length; at++) {
            if (payload[at] == ',' && payload[at + 1] == '"' && payload[at + 2] == 'd') {
                int end = at + PAYLOAD_HEAD.length;
                return Arrays.equals(payload, at, end, PAYLOAD_HEAD, 0, PAYLOAD_HEAD.length) ? end : -1;
            }
        }
        return -1;
    }
}
