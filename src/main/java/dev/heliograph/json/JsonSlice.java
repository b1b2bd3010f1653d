package dev.heliograph.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** One JSON value of the input, and its bytes. */
public final class JsonSlice {
    private static final int SHOWN_VALUE_BYTES = 80;

    final byte[] text;
    final JsonToken token;
    /** The index of its first byte. */
    final int start;
    /** The index after its last byte. */
    final int end;

    private final String string;
    private final List<JsonMembers.Member> parts;

    /**
     * @param string the value if it is a string; otherwise null
     * @param parts members of an object, or elements of an array without names; null if the value was not cut into parts
     */
    JsonSlice(byte[] text, JsonToken token, int start, int end, String string, List<JsonMembers.Member> parts) {
        this.text = text;
        this.token = token;
        this.start = start;
        this.end = end;
        this.string = string;
        this.parts = parts;
    }

    /** The value of a string; null if it is no string. */
    public String string() {
        return string;
    }

    public boolean isObject() {
        return token == JsonToken.START_OBJECT;
    }

    /** The elements of an array; empty if it is no array. */
    public List<JsonSlice> elements() {
        return token == JsonToken.START_ARRAY
                ? parts().stream().map(JsonMembers.Member::value).toList()
                : List.of();
    }

    /**
     * The members of an object. Anything else becomes a refused object.
     *
     * @param what the value's name within the request, for people
     */
    public JsonMembers members(String what) {
        return isObject()
                ? new JsonMembers(parts(), null)
                : new JsonMembers(
                        List.of(),
                        Problem.of(
                                ProblemType.INVALID_REQUEST,
                                what + " is " + describe(token) + ", expected a JSON object"));
    }

    /** A problem with this value, which it shows. */
    public ProblemException wrong(ProblemType type, String name, String expected) {
        int length = Math.min(end - start, SHOWN_VALUE_BYTES);
        String shown = new String(text, start, length, StandardCharsets.UTF_8) + (length < end - start ? "..." : "");
        return new ProblemException(new Problem(type, name + " is " + shown + ", expected " + expected, name, null));
    }

    private List<JsonMembers.Member> parts() {
        return Objects.requireNonNull(parts, "the text was not cut so deep");
    }

    static String describe(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> throw new AssertionError(token);
        };
    }
}
