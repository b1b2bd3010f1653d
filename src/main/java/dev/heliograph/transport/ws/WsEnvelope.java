package dev.heliograph.transport.ws;

import static dev.heliograph.wire.WireNames.ID;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.heliograph.json.JsonSlice;
import dev.heliograph.json.JsonText;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * The outer object of a request, {@code {"id":1,"<kind>":<body>}}, before its kind is looked at. Reading it does not fail,
 * so that the answer to a wrong request has the request's id, if that was read before.
 *
 * @param id as JSON text; null if there is none or it is not a legal one
 * @param kinds how many members there are beside {@code id}
 * @param kind name of the last of them; null if there is none
 * @param body its value; null if there is none
 * @param refusal why the text is no JSON object, or has two ids; null if all is well
 */
record WsEnvelope(String id, int kinds, String kind, JsonSlice body, Problem refusal) {
    private static final Pattern STRING_ID = Pattern.compile("[\\x20-\\x7E&&[^\"\\\\]]{1,64}");
    private static final Pattern NUMBER_ID = Pattern.compile("-?[0-9]{1,18}");

    /** The members of the body, and the elements of arrays in it. */
    private static final int BODY_LEVELS = 2;

    static WsEnvelope read(byte[] text) {
        var reading = new Reading(text);
        Problem refusal = null;
        try {
            JsonText.read(text, reading);
        } catch (ProblemException refused) {
            refusal = refused.problem();
        }
        return new WsEnvelope(reading.id, reading.kinds, reading.kind, reading.body, refusal);
    }

    /** What was found so far. */
    private static final class Reading implements JsonText.Tokens<Void> {
        private final byte[] text;
        private boolean hasId;
        private String id;
        private int kinds;
        private String kind;
        private JsonSlice body;

        Reading(byte[] text) {
            this.text = text;
        }

        @Override
        public Void read(JsonParser parser) throws IOException {
            JsonToken start = parser.nextToken();
            if (start == null) {
                throw ProblemException.of(ProblemType.MALFORMED_JSON, "The request is empty");
            }
            if (start != JsonToken.START_OBJECT) {
                throw ProblemException.of(
                        ProblemType.INVALID_REQUEST, "A request is one JSON object such as {\"id\":1,\"ping\":{}}");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(ID)) {
                    takeId(value, parser.getText());
                    parser.skipChildren();
                } else {
                    takeKind(name, parser);
                }
            }
            return null;
        }

        private void takeId(JsonToken value, String written) {
            if (hasId) {
                throw ProblemException.of(ProblemType.INVALID_REQUEST, "id is there twice, expected each member once");
            }
            hasId = true;
            id = legalId(value, written);
        }

        private void takeKind(String name, JsonParser parser) throws IOException {
            kinds++;
            kind = name;
            body = JsonText.slice(text, parser, BODY_LEVELS);
        }
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
