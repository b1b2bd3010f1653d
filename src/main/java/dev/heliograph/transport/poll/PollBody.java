package dev.heliograph.transport.poll;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/** The JSON of an answer, spliced from what was gathered. */
final class PollBody {
    private static final byte[] NULL = "null".getBytes(US_ASCII);

    private PollBody() {}

    /**
     * The answer to a poll that has something to tell, be it only a gap.
     *
     * @param lines of {@link PollFormat}, at least one
     * @param cursor after which the client has all
     */
    static byte[] ofLines(byte[] lines, String cursor, long nowMillis) {
        var events = new ByteArrayOutputStream(lines.length);
        var gaps = new ByteArrayOutputStream(0);
        int lastFrom = 0;
        int lastLength = 0;
        for (int start = 0; start < lines.length; ) {
            int end = start + 1;
            while (lines[end] != PollFormat.END) {
                end++;
            }
            var into = lines[start] == PollFormat.EVENT ? events : gaps;
            if (into.size() > 0) {
                into.write(',');
            }
            into.write(lines, start + 1, end - start - 1);
            if (into == events) {
                lastFrom = start + 1;
                lastLength = end - start - 1;
            }
            start = end + 1;
        }
        byte[] payload = lastLength == 0 ? NULL : PollPayload.of(lines, lastFrom, lastLength);
        return compose(true, payload, false, cursor, nowMillis, events.toByteArray(), gaps.toByteArray());
    }

    /**
     * The answer to a poll without a cursor.
     *
     * @param latest the latest event's {@link dev.heliograph.log.Entry#json}; null if there is none
     */
    static byte[] ofLatest(byte[] latest, boolean isCached, String cursor, long nowMillis) {
        byte[] payload = latest == null ? NULL : PollPayload.of(latest, 0, latest.length);
        return compose(latest != null, payload, isCached, cursor, nowMillis, new byte[0], new byte[0]);
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

    private static byte[] compose(
            boolean hasUpdate,
            byte[] payload,
            boolean isCached,
            String cursor,
            long nowMillis,
            byte[] events,
            byte[] gaps) {
        var body = new ByteArrayOutputStream(payload.length + events.length + gaps.length + 160);
        write(body, "{\"hasUpdate\":" + hasUpdate + ",\"payload\":");
        body.writeBytes(payload);
        write(
                body,
                ",\"cached\":" + isCached + ",\"timestamp\":" + nowMillis + ",\"cursor\":\"" + cursor
                        + "\",\"events\":[");
        body.writeBytes(events);
        write(body, "]");
        if (gaps.length > 0) {
            write(body, ",\"gap\":[");
            body.writeBytes(gaps);
            write(body, "]");
        }
        write(body, "}");
        return body.toByteArray();
    }

    private static void write(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(US_ASCII));
    }
}
