package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.heliograph.json.JsonText;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * JSON text as values and back. Strict: names come once, strings are Unicode. Numbers are decimals that keep their digits; an
 * exponent may be written in another way. What is written can be read: a document that could not be could never be changed.
 */
final class DocumentJson {
    /** How large a document may be, and what changes one, in bytes of UTF-8. */
    static final int MAX_BYTES = DocumentLog.MAX_DOCUMENT_BYTES;

    /** How deep objects and arrays may be nested; the reader refuses more. */
    static final int MAX_DEPTH = 128;

    /** How long a number may be, as it comes and as it is written: the reader refuses more digits. */
    private static final int MAX_NUMBER_CHARS = 1000;

    /** Far from where {@link BigDecimal} writes an exponent that it does not read. */
    private static final int MAX_EXPONENT = 999_999_999;

    /** Held, as finding one takes long. */
    static final JsonProvider JSON = JsonProvider.provider();

    private DocumentJson() {}

    /** @throws ProblemException if it is anything but one object that a document may be */
    static JsonObject object(byte[] text) {
        if (value(text) instanceof JsonObject object) {
            return object;
        }
        throw ProblemException.of(
                ProblemType.INVALID_REQUEST, "the body is not a JSON object, which a document has to be");
    }

    /** @throws ProblemException if it is larger than {@link #MAX_BYTES}, or no JSON */
    static JsonValue value(byte[] text) {
        requireSize("body", text.length);
        return JsonText.read(text, parser -> {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw ProblemException.of(ProblemType.MALFORMED_JSON, "the body is empty, expected JSON");
            }
            return value(parser, first);
        });
    }

    /** @throws ProblemException {@code document-too-large} */
    static byte[] write(JsonObject document) {
        byte[] text = document.toString().getBytes(UTF_8);
        requireSize("document", text.length);
        return text;
    }

    /**
     * Whether two values mean the same: 1.10 is 1.1. Objects and arrays may be any maps and lists of values, and either may
     * be null for a value that is not there.
     */
    static boolean same(Object one, Object other) {
        if (one instanceof Map<?, ?> members) {
            return other instanceof Map<?, ?> others && sameMembers(members, others);
        }
        if (one instanceof List<?> elements) {
            return other instanceof List<?> others && sameElements(elements, others);
        }
        if (one instanceof JsonNumber number) {
            return other instanceof JsonNumber another
                    && number.bigDecimalValue().compareTo(another.bigDecimalValue()) == 0;
        }
        return Objects.equals(one, other);
    }

    private static boolean sameMembers(Map<?, ?> one, Map<?, ?> other) {
        return one.keySet().equals(other.keySet())
                && one.keySet().stream().allMatch(name -> same(one.get(name), other.get(name)));
    }

    private static boolean sameElements(List<?> one, List<?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!same(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static JsonValue value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_STRING -> JSON.createValue(unicode(parser, parser.getText()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JSON.createValue(number(parser));
            case VALUE_TRUE -> JsonValue.TRUE;
            case VALUE_FALSE -> JsonValue.FALSE;
            case VALUE_NULL -> JsonValue.NULL;
            default -> throw new AssertionError(token);
        };
    }

    private static JsonObject members(JsonParser parser) throws IOException {
        JsonObjectBuilder object = JSON.createObjectBuilder();
        Set<String> names = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = unicode(parser, parser.currentName());
            if (!names.add(name)) {
                throw refused(parser, "repeated", "each member of an object once");
            }
            object.add(name, value(parser, parser.nextToken()));
        }
        return object.build();
    }

    private static JsonArray elements(JsonParser parser) throws IOException {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(parser, token));
        }
        return array.build();
    }

    /** Half a surrogate pair, which an escape can write, has no form in UTF-8. */
    private static String unicode(JsonParser parser, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : 'x')) {
                    throw refused(parser, "half a surrogate pair", "Unicode characters (RFC 7493, section 2.1)");
                }
                i++;
            }
        }
        return text;
    }

    private static BigDecimal number(JsonParser parser) throws IOException {
        String digits = parser.getText();
        try {
            var number = new BigDecimal(digits);
            if (Math.max(digits.length(), number.toString().length()) <= MAX_NUMBER_CHARS
                    && Math.abs(exponent(number)) <= MAX_EXPONENT) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Its exponent is none that BigDecimal has, so it is refused with those that are too large.
        }
        throw refused(
                parser,
                digits,
                "a number of at most " + MAX_NUMBER_CHARS
                        + " characters, as it comes and as it is kept, with an exponent of at most nine digits");
    }

    /** The pointer is made here alone: below long names it may be as long as the whole text, for each of its values. */
    private static ProblemException refused(JsonParser parser, String found, String expected) {
        return ProblemException.inField(
                ProblemType.INVALID_REQUEST,
                parser.getParsingContext().pathAsPointer().toString(),
                found,
                expected);
    }

    private static long exponent(BigDecimal number) {
        return number.precision() - 1L - number.scale();
    }

    private static void requireSize(String what, int bytes) {
        if (bytes > MAX_BYTES) {
            throw ProblemException.inField(
                    ProblemType.DOCUMENT_TOO_LARGE, what, bytes, "at most " + MAX_BYTES + " bytes");
        }
    }
}
