package dev.heliograph.log.redis;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads {@code <offset>:<epoch>:<payload>}, without looking into the payload. */
final class Announcement {
    private static final int MAX_OFFSET_DIGITS = 18;

    private Announcement() {}

    /** @return null if the message is no announcement: any client of Redis with the right to publish can send any text */
    static Entry read(Channel channel, byte[] message) {
        int firstColon = colonAfter(message, 0);
        int secondColon = colonAfter(message, firstColon + 1);
        if (firstColon < 1 || firstColon > MAX_OFFSET_DIGITS || secondColon < 0) {
            return null;
        }
        long offset = 0;
        for (int i = 0; i < firstColon; i++) {
            int digit = message[i] - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            offset = offset * 10 + digit;
        }
        int epochLength = secondColon - firstColon - 1;
        var epoch = new String(message, firstColon + 1, epochLength, StandardCharsets.US_ASCII);
        byte[] payload = Arrays.copyOfRange(message, secondColon + 1, message.length);
        return new Entry(channel, new Position(epoch, offset), payload);
    }

    private static int colonAfter(byte[] message, int from) {
        for (int i = from; i < message.length; i++) {
            if (message[i] == ':') {
                return i;
            }
        }
        return -1;
    }
}
