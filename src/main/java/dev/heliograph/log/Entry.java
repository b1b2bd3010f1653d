package dev.heliograph.log;

import dev.heliograph.event.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/**
 * An event that the log accepted.
 *
 * @param channel whose log holds it: the event's own channel or its firehose
 * @param position where in that log
 * @param payload {@link dev.heliograph.event.Event#payload()}; shared, never changed
 */
public record Entry(Channel channel, Position position, byte[] payload) {
    private static final String TIME_START = ",\"time\":\"";
    /** Type, channel, id and time at their longest, with their names. */
    private static final int MAX_HEAD_BYTES = 640;

    private static final int TYPE_START = "{\"type\":\"".length();
    private static final int TYPE_TO_CHANNEL = "\",\"channel\":\"".length();

    public Entry {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(payload, "payload");
    }

    public long offset() {
        return position.offset();
    }

    /** The event's time, by the publisher's clock, read from the head of the payload. */
    public Instant time() {
        String head = new String(payload, 0, Math.min(payload.length, MAX_HEAD_BYTES), StandardCharsets.US_ASCII);
        int start = head.indexOf(TIME_START) + TIME_START.length();
        return Instant.parse(head.substring(start, head.indexOf('"', start)));
    }

    /** The event's type, read from its fixed place at the head of the payload. */
    public String type() {
        return upToQuote(TYPE_START);
    }

    /** The name of the event's own channel, which a firehose does not have, read from its place behind the type. */
    public String ownChannel() {
        return upToQuote(TYPE_START + type().length() + TYPE_TO_CHANNEL);
    }

    private String upToQuote(int start) {
        int end = start;
        while (payload[end] != '"') {
            end++;
        }
        return new String(payload, start, end - start, StandardCharsets.US_ASCII);
    }
}
