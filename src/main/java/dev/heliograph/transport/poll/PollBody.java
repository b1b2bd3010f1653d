package dev.heliograph.transport.poll;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;

/** The JSON of an answer, spliced from the JSON of its events and gaps. */
final class PollBody {
    private static final String TOKEN_EXPIRES = "tokenExpires";
    private static final byte[] NULL = "null".getBytes(US_ASCII);

    private PollBody() {}

    /**
     * The answer to a poll that has something to tell, be it only a gap.
     *
     * @param events JSON objects, in order
     * @param gaps JSON objects, in order
     * @param cursor after which the client has all
     */
    static byte[] of(List<byte[]> events, List<byte[]> gaps, String cursor, long nowMillis) {
        byte[] payload = events.isEmpty() ? NULL : PollPayload.of(events.get(events.size() - 1));
        return compose(true, payload, false, cursor, nowMillis, events, gaps);
    }

    /**
     * The answer to a poll without a cursor.
     *
     * @param latest the latest event's {@link dev.heliograph.wire.WireJson#entry}; null if there is none
     */
    static byte[] ofLatest(byte[] latest, boolean isCached, String cursor, long nowMillis) {
        byte[] payload = latest == null ? NULL : PollPayload.of(latest);
        return compose(latest != null, payload, isCached, cursor, nowMillis, List.of(), List.of());
    }

    /**
     * The answer to a poll without a cursor that asks for documents.
     *
     * @param documents JSON objects, parted by commas
     */
    static byte[] ofDocuments(byte[] documents, boolean hasAny, String cursor, long nowMillis) {
        var body = new ByteArrayOutputStream(documents.length + 160);
        write(
                body,
                "{\"hasUpdate\":" + hasAny + ",\"payload\":null,\"cached\":false,\"timestamp\":" + nowMillis
                        + ",\"cursor\":\"" + cursor + "\",\"events\":[],\"documents\":[");
        body.writeBytes(documents);
        write(body, "]}");
        return body.toByteArray();
    }

    /**
     * The answer to a poll that is told only that its token ends: there is nothing new.
     *
     * @param cursor where the client stands
     */
    static byte[] ofNothing(String cursor, long nowMillis) {
        return compose(false, NULL, false, cursor, nowMillis, List.of(), List.of());
    }

    /** The last member of an answer to a client whose token ends soon, and the end of the object, in place of that end. */
    static byte[] tokenExpires(Instant expires) {
        return (",\"" + TOKEN_EXPIRES + "\":\"" + expires + "\"}").getBytes(US_ASCII);
    }

    private static byte[] compose(
            boolean hasUpdate,
            byte[] payload,
            boolean isCached,
            String cursor,
            long nowMillis,
            List<byte[]> events,
            List<byte[]> gaps) {
        int size = events.stream().mapToInt(event -> event.length + 1).sum();
        var body = new ByteArrayOutputStream(payload.length + size + 160);
        write(body, "{\"hasUpdate\":" + hasUpdate + ",\"payload\":");
        body.writeBytes(payload);
        write(
                body,
                ",\"cached\":" + isCached + ",\"timestamp\":" + nowMillis + ",\"cursor\":\"" + cursor
                        + "\",\"events\":[");
        writeAll(body, events);
        write(body, "]");
        if (!gaps.isEmpty()) {
            write(body, ",\"gap\":[");
            writeAll(body, gaps);
            write(body, "]");
        }
        write(body, "}");
        return body.toByteArray();
    }

    private static void writeAll(ByteArrayOutputStream body, List<byte[]> objects) {
        for (int i = 0; i < objects.size(); i++) {
            if (i > 0) {
                body.write(',');
            }
            body.writeBytes(objects.get(i));
        }
    }

    private static void write(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(US_ASCII));
    }
}
