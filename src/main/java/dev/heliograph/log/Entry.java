package dev.heliograph.log;

import dev.heliograph.event.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * An event that the log accepted.
 *
 * @param channel whose log holds it: the event's own channel or its firehose
 * @param position where in that log
 * @param payload {@link dev.heliograph.event.Event#payload()}; shared, never changed
 */
public record Entry(Channel channel, Position position, byte[] payload) {
    private static final int TYPE_START = "{\"type\":\"".length();

    public Entry {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(payload, "payload");
    }

    public long offset() {
        return position.offset();
    }

    /**
     * The JSON object in which every wire hands the event on: {@code cursor}, for a firehose {@code firehose}, then the
     * members of the payload, which is spliced in and never parsed.
     */
    public byte[] json() {
        String head = "{\"cursor\":\"" + position.cursor() + "\","
                + (channel.isFirehose() ? "\"firehose\":\"" + channel + "\"," : "");
        byte[] json = new byte[head.length() + payload.length - 1];
        System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, json, 0, head.length());
        System.arraycopy(payload, 1, json, head.length(), payload.length - 1);
        return json;
    }

    /** The event's type, read from its fixed place at the head of the payload. */
    public String type() {
        int end = TYPE_START;
        while (payload[end] != '"') {
            end++;
        }
        return new String(payload, TYPE_START, end - TYPE_START, StandardCharsets.US_ASCII);
    }
}
