package dev.heliograph.transport.poll;

import static dev.heliograph.wire.WireNames.DATA;
import static dev.heliograph.wire.WireNames.TYPE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The member {@code payload} of an answer: the event's type and the members of its data in one object, cut out of the
 * event's bytes, so that numbers keep their digits. The event's type wins over a member of the same name.
 */
final class PollPayload {
    private static final JsonFactory JSON = new JsonFactory();

    private PollPayload() {}

    /** @param event an {@link dev.heliograph.wire.WireJson#entry} */
    static byte[] of(byte[] event) {
        var payload = new ByteArrayOutputStream(event.length);
        try (JsonParser parser = JSON.createParser(event)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals(TYPE)) {
                    payload.writeBytes(("{\"type\":\"" + parser.getText() + '"').getBytes(US_ASCII));
                } else if (name.equals(DATA)) {
                    copyMembers(parser, event, payload);
                }
            }
            payload.write('}');
            return payload.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void copyMembers(JsonParser data, byte[] event, ByteArrayOutputStream payload) throws IOException {
        while (data.nextToken() == JsonToken.FIELD_NAME) {
            int start = (int) data.currentTokenLocation().getByteOffset();
            boolean isType = data.currentName().equals(TYPE);
            data.nextToken();
            data.skipChildren();
            data.finishToken();
            int end = (int) data.currentLocation().getByteOffset();
            if (!isType) {
                payload.write(',');
                payload.write(event, start, end - start);
            }
        }
    }
}
