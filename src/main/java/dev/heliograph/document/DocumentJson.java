package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.JsonText;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/**
 * The reader and writer of documents. Strict: names come once, strings are Unicode. Numbers are decimals that keep their
 * digits, and are equal by value (1.10 is 1.1); an exponent may be written in another way. Whatever is written can be read
 * again, because otherwise the document could not be changed.
 *
 * <p>Values that were read are shared: nobody changes an object or array but the one that made or copied it.
 */
final class DocumentJson {
    /** The size limit of documents and of patches, in bytes of UTF-8. */
    static final int MAX_BYTES = DocumentLog.MAX_DOCUMENT_BYTES;

    /** How deep objects and arrays may be nested; the reader refuses more. */
    static final int MAX_DEPTH = 128;

    /** How long a number may be, as it comes and as it is written: the reader refuses more digits. */
    private static final int MAX_NUMBER_CHARS = 1000;

    /** Far from where {@link BigDecimal} writes an exponent that it does not read. */
    private static final int MAX_EXPONENT = 999_999_999;

    /** Makes objects and arrays. Numbers are made here only, so that all are decimals. */
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Escapes with lower-case digits, as in the documents that earlier releases kept. */
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE).build();

    private DocumentJson() {}

    /**
     * Reads a document.
     *
     * @throws ProblemException if the text is anything but one object within the limits
     */
    static ObjectNode object(byte[] text) {
        if (value(text) instanceof ObjectNode object) {
            return object;
        }
        throw ProblemException.of(
                ProblemType.INVALID_REQUEST, "the body is not a JSON object, which a document has to be");
    }

    /**
     * Reads any value.
     *
     * @throws ProblemException if the text is larger than {@link #MAX_BYTES}, or no JSON
     */
    static JsonNode value(byte[] text) {
        requireSize("body", text.length);
        return JsonText.read(text, parser -> {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw ProblemException.of(ProblemType.MALFORMED_JSON, "the body is empty, expected JSON");
            }
            return value(parser, first);
        });
    }

    /**
     * Writes a document.
     *
     * @throws ProblemException {@code document-too-large}
     */
    static byte[] write(ObjectNode document) {
        byte[] text = text(document).getBytes(UTF_8);
        requireSize("document", text.length);
        return text;
    }

    /** The text of any value, without spaces. */
    static String text(JsonNode value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Whether a value has more levels of objects and arrays. Looks no further, so that a stack bears it. */
    static boolean isDeeper(JsonNode value, int levels) {
        return value.isContainerNode()
                && (levels <= 0 || value.valueStream().anyMatch(each -> isDeeper(each, levels - 1)));
    }

    private static JsonNode value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_STRING -> NODES.textNode(unicode(parser, parser.getText()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> DecimalNode.valueOf(number(parser));
            case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(token == JsonToken.VALUE_TRUE);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new AssertionError(token);
        };
    }

    private static ObjectNode members(JsonParser parser) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = unicode(parser, parser.currentName());
            if (object.has(name)) {
                throw refused(parser, "repeated", "each member of an object once");
            }
            object.set(name, value(parser, parser.nextToken()));
        }
        return object;
    }

    private static ArrayNode elements(JsonParser parser) throws IOException {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(parser, token));
        }
        return array;
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
