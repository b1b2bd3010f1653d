package dev.heliograph.event;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * An event from a publisher. Every part but {@code data} is legal JSON text without escapes; {@code data} is kept byte for
 * byte.
 *
 * @param id unique in its channel; 1 to 128 printable ASCII characters but {@code "} and {@code \}
 * @param type one of the namespace's types, e.g. {@code order.updated}
 * @param time when it happened, by the publisher's clock
 * @param isOfDocument whether it is the event of a change of its channel's document, which only that change appends
 * @param data one JSON object in UTF-8, without line breaks; neither copied nor changed later
 */
public record Event(String id, Channel channel, String type, Instant time, boolean isOfDocument, byte[] data) {
    private static final Pattern LEGAL_ID = Pattern.compile("[\\x20-\\x7E&&[^\"\\\\]]{1,128}");

    public Event {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(data, "data");
        if (!isLegalId(id)) {
            throw new IllegalArgumentException("id is " + id);
        }
    }

    /** A published event, which is no change of a document. */
    public Event(String id, Channel channel, String type, Instant time, byte[] data) {
        this(id, channel, type, time, false, data);
    }

    /** 128 random bits, unique without coordination. They protect nothing, so they need not be unpredictable. */
    public static String newId() {
        var random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    public static boolean isLegalId(String id) {
        return id != null && LEGAL_ID.matcher(id).matches();
    }

    /**
     * The JSON object that the log keeps and every wire splices: {@code type}, {@code channel}, {@code id}, {@code time},
     * {@code document}, which is true or not there, {@code data}, in this order and without white space between members.
     */
    public byte[] payload() {
        String head = "{\"type\":\"" + type + "\",\"channel\":\"" + channel.name() + "\",\"id\":\"" + id
                + "\",\"time\":\"" + time + (isOfDocument ? "\",\"document\":true" : "\"") + ",\"data\":";
        var out = new ByteArrayOutputStream(head.length() + data.length + 1);
        out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(data);
        out.write('}');
        return out.toByteArray();
    }
}
