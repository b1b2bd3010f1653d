package dev.heliograph.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts JSON text into members without building values. One pass checks the whole text and notes the beginning and end of each
 * member, so that members are passed on byte for byte.
 */
public final class JsonText {
    /** How deep objects and arrays may be nested, from the outermost. */
    public static final int MAX_DEPTH = 128;

    /** In UTF-8. The parser keeps thousands of names for the next texts, and clients choose these names. */
    public static final int MAX_NAME_BYTES = 1000;

    private static final int MAX_NUMBER_DIGITS = 1000;

    // Names are not put into the JVM's string pool, because clients choose them.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME_BYTES)
                    .maxNumberLength(MAX_NUMBER_DIGITS)
                    .build())
            .build();

    private static final int SHOWN_MESSAGE_CHARS = 160;

    private final byte[] text;
    private final JsonParser parser;

    private JsonText(byte[] text, JsonParser parser) {
        this.text = text;
        this.parser = parser;
    }

    /**
     * Reads text that is one value.
     *
     * @param reading begins before the value's first token, and must end with its last one
     * @throws ProblemException {@code invalid-utf8}, {@code malformed-json}, {@code invalid-request} if it is nested too
     *     deep, has too long a name or number or half a surrogate pair, or any problem of {@code reading}
     */
    public static <T> T read(byte[] text, Tokens<T> reading) {
        return parse(text, json -> reading.read(json.parser));
    }

    /**
     * Cuts the value that begins with the parser's token, and reads on to its end.
     *
     * @param text that the parser reads
     * @param levels the levels of objects and arrays to cut into parts; deeper ones stay whole
     */
    public static JsonSlice slice(byte[] text, JsonParser parser, int levels) throws IOException {
        return new JsonText(text, parser).slice(levels);
    }

    /**
     * Reads text that is one object.
     *
     * @throws ProblemException {@code invalid-utf8}, {@code malformed-json}, or {@code invalid-request} if it is something
     *     else
     */
    public static JsonMembers object(byte[] text) {
        return parse(text, json -> {
            json.requireStart(JsonToken.START_OBJECT, "a JSON object");
            return json.slice(1).members("the body");
        });
    }

    /** Reads text that is one array. An element that is no object fails when it is read. */
    public static List<JsonMembers> array(byte[] text) {
        return parse(text, json -> {
            json.requireStart(JsonToken.START_ARRAY, "a JSON array");
            return json.elements();
        });
    }

    /**
     * Reads text that is an object with a single member, an array; see {@link #array}.
     *
     * @param expected the kind of the elements, for people
     */
    public static List<JsonMembers> arrayIn(String member, String expected, byte[] text) {
        return parse(text, json -> {
            json.requireStart(JsonToken.START_OBJECT, "a JSON object with the member " + member);
            List<JsonMembers> elements = null;
            while (json.parser.nextToken() != JsonToken.END_OBJECT) {
                String name = json.parser.currentName();
                if (!name.equals(member) || elements != null) {
                    throw ProblemException.atFault(
                            ProblemType.INVALID_REQUEST,
                            name,
                            name.equals(member) ? "repeated" : "unknown",
                            "only the member " + member + ", once");
                }
                if (json.parser.nextToken() != JsonToken.START_ARRAY) {
                    throw notAnArray(member, json.parser.getText(), expected);
                }
                elements = json.elements();
            }
            if (elements == null) {
                throw notAnArray(member, null, expected);
            }
            return elements;
        });
    }

    private static ProblemException notAnArray(String member, String found, String expected) {
        return ProblemException.inField(ProblemType.INVALID_REQUEST, member, found, "an array of " + expected);
    }

    private static <T> T parse(byte[] text, Reading<T> reading) {
        StrictUtf8.require(text);
        requireNoOtherEncoding(text);
        try (JsonParser parser = JSON.createParser(text)) {
            T read = reading.read(new JsonText(text, parser));
            if (parser.nextToken() != null) {
                throw ProblemException.of(
                        ProblemType.MALFORMED_JSON,
                        "byte " + parser.currentTokenLocation().getByteOffset()
                                + " begins something after the end of the JSON text");
            }
            WholeCharacters.require(text);
            return read;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Otherwise the parser would guess UTF-16 or UTF-32 from zero bytes, or skip a byte order mark. */
    private static void requireNoOtherEncoding(byte[] text) {
        for (int i = 0; i < Math.min(4, text.length); i++) {
            if (text[i] == 0 || i == 0 && text[i] == (byte) 0xEF) {
                throw ProblemException.of(
                        ProblemType.MALFORMED_JSON,
                        "byte " + i + " is not JSON, expected UTF-8 without a byte order mark");
            }
        }
    }

    private static ProblemException malformed(IOException e) {
        if (e instanceof StreamConstraintsException tooMuch) {
            return new ProblemException(
                    Problem.of(
                            ProblemType.INVALID_REQUEST,
                            "the JSON text is beyond what is read here, at most " + MAX_DEPTH
                                    + " levels deep, with names of "
                                    + MAX_NAME_BYTES + " bytes and numbers of " + MAX_NUMBER_DIGITS + " digits: "
                                    + cut(tooMuch.getOriginalMessage())),
                    e);
        }
        if (e instanceof JsonEOFException) {
            return new ProblemException(
                    Problem.of(ProblemType.MALFORMED_JSON, "the JSON text ends before it is complete"), e);
        }
        String message = e instanceof JacksonException json
                ? "byte " + json.getLocation().getByteOffset() + ": " + cut(json.getOriginalMessage())
                : "the JSON text cannot be read";
        return new ProblemException(Problem.of(ProblemType.MALFORMED_JSON, message), e);
    }

    private static String cut(String message) {
        return message.length() <= SHOWN_MESSAGE_CHARS ? message : message.substring(0, SHOWN_MESSAGE_CHARS) + "...";
    }

    private void requireStart(JsonToken expected, String description) throws IOException {
        JsonToken found = parser.nextToken();
        if (found == null) {
            throw ProblemException.of(ProblemType.MALFORMED_JSON, "the body is empty, expected " + description);
        }
        if (found != expected) {
            throw ProblemException.of(
                    ProblemType.INVALID_REQUEST,
                    "the body is " + JsonSlice.describe(found) + ", expected " + description);
        }
    }

    /** The elements of the array at which the parser stands. */
    private List<JsonMembers> elements() throws IOException {
        return slice(2).elements().stream().map(it -> it.members("the element")).toList();
    }

    /** Reads on from the first token of a value to its last. */
    private JsonSlice slice(int levels) throws IOException {
        JsonToken token = parser.currentToken();
        int start = tokenStart();
        String string = token == JsonToken.VALUE_STRING ? parser.getText() : null;
        List<JsonMembers.Member> parts = token.isStructStart() && levels > 0 ? parts(levels - 1) : null;
        parser.skipChildren();
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        return new JsonSlice(text, token, start, end, string, parts);
    }

    /** Reads on from an opening brace or bracket to its closing one. */
    private List<JsonMembers.Member> parts(int levels) throws IOException {
        var parts = new ArrayList<JsonMembers.Member>();
        while (!parser.nextToken().isStructEnd()) {
            int start = tokenStart();
            String name = null;
            if (parser.currentToken() == JsonToken.FIELD_NAME) {
                name = parser.currentName();
                parser.nextToken();
            }
            parts.add(new JsonMembers.Member(name, start, slice(levels)));
        }
        return parts;
    }

    private int tokenStart() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private interface Reading<T> {
        T read(JsonText json) throws IOException;
    }

    /** Reads the tokens of one value. */
    public interface Tokens<T> {
        T read(JsonParser parser) throws IOException;
    }
}
