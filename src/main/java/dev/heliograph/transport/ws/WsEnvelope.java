package dev.heliograph.transport.ws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * The outer object of a request, {@code {"id":1,"<kind>":<body>}}, before its kind is looked at. Nothing here throws once
 * the JSON is well-formed, so that whatever is wrong can be answered under the request's id.
 *
 * @param id as JSON text; null if there is none or it is not a legal one
 * @param kinds how many members there are beside {@code id}
 * @param kind name of the last of them; null if there is none
 * @param body its value, as JSON text; null if there is none
 */
record WsEnvelope(String id, int kinds, String kind, byte[] body) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern STRING_ID = Pattern.compile("[\\x20-\\x7E&&[^\"\\\\]]{1,64}");
    private static final Pattern NUMBER_ID = Pattern.compile("-?[0-9]{1,18}");

    /** @throws ProblemException {@code malformed-json} or {@code invalid-request} if it is no JSON object */
    static WsEnvelope read(byte[] text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw ProblemException.of(
                        ProblemType.INVALID_REQUEST, "A request is one JSON object such as {\"id\":1,\"ping\":{}}");
            }
            return members(parser, text);
        } catch (JsonProcessingException malformed) {
            throw ProblemException.of(
                    ProblemType.MALFORMED_JSON,
                    malformed.getOriginalMessage() + " at character "
                            + (malformed.getLocation() == null
                                    ? "?"
                                    : malformed.getLocation().getByteOffset()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static WsEnvelope members(JsonParser parser, byte[] text) throws IOException {
        String id = null;
        String kind = null;
        byte[] body = null;
        int kinds = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("id")) {
                id = legalId(value, parser.getText());
                parser.skipChildren();
                continue;
            }
            int start = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            int end = (int) parser.currentLocation().getByteOffset();
            kinds++;
            kind = name;
            body = Arrays.copyOfRange(text, start, end);
        }
        if (parser.nextToken() != null) {
            throw ProblemException.of(ProblemType.MALFORMED_JSON, "There is text after the end of the JSON object");
        }
        return new WsEnvelope(id, kinds, kind, body);
    }

    private static String legalId(JsonToken value, String text) {
        if (value == JsonToken.VALUE_NUMBER_INT && NUMBER_ID.matcher(text).matches()) {
            return text;
        }
        if (value == JsonToken.VALUE_STRING && STRING_ID.matcher(text).matches()) {
            return '"' + text + '"';
        }
        return null;
    }
}
