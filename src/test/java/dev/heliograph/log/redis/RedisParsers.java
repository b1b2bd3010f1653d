package dev.heliograph.log.redis;

import static dev.heliograph.fuzz.Parser.require;

import dev.heliograph.event.Channel;
import dev.heliograph.fuzz.Parser;
import dev.heliograph.log.Entry;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is fuzzed of this package: any client of Redis can send it. */
public final class RedisParsers {
    private RedisParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofBytes("announcement", RedisParsers::read, "12:3kq0vkzx5d1n8:{\"type\":\"order.updated\"}"));
    }

    private static void read(byte[] message) {
        Entry entry = Announcement.read(new Channel("orders-1"), message);

        if (entry == null) {
            throw new Parser.Refused();
        }
        String text = new String(message, StandardCharsets.ISO_8859_1);
        String payload = new String(entry.payload(), StandardCharsets.ISO_8859_1);
        require(text.endsWith(":" + payload), "the payload is the rest of the message", text);
        require(Long.parseLong(text.substring(0, text.indexOf(':'))) == entry.offset(), "the offset comes first", text);
    }
}
