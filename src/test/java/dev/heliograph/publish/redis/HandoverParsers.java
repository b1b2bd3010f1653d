package dev.heliograph.publish.redis;

import static dev.heliograph.fuzz.Parser.require;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.fuzz.Parser;
import java.util.List;

/** What is fuzzed of this package: any client of Redis can send it. */
public final class HandoverParsers {
    private HandoverParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofBytes("handover note", HandoverParsers::read, "LEAVING a - orders,finance", "CUT a b orders"));
    }

    private static void read(byte[] text) {
        HandoverNote note = HandoverNote.read(text).orElseThrow(Parser.Refused::new);

        String words = new String(text, US_ASCII);
        require(note.namespaces().stream().allMatch(words::contains), "namespaces are those that came", note);
    }
}
