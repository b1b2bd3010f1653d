package dev.heliograph.transport.range;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.log.Entry;
import java.io.ByteArrayOutputStream;

/** An entry as a JSON object: its cursor, its firehose if it came through one, and the members of its payload. */
final class EntryJson {
    private EntryJson() {}

    static byte[] of(Entry entry) {
        String firehose = entry.channel().isFirehose() ? "\"firehose\":\"" + entry.channel() + "\"," : "";
        byte[] head = ("{\"cursor\":\"" + entry.position().cursor() + "\"," + firehose).getBytes(US_ASCII);
        int members = entry.payload().length - 1;
        var json = new ByteArrayOutputStream(head.length + members);
        json.writeBytes(head);
        json.write(entry.payload(), 1, members);
        return json.toByteArray();
    }
}
