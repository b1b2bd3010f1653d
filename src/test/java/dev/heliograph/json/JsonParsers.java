package dev.heliograph.json;

import static dev.heliograph.fuzz.Parser.require;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.fuzz.Parser;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** What is fuzzed of this package. */
public final class JsonParsers {
    private static final ObjectMapper JSON = new ObjectMapper(new JsonFactory());

    private JsonParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofBytes(
                        "JSON object",
                        JsonParsers::readObject,
                        "{\"a\":1,\"b\":{\"c\":[1,2.5e3,null,true]},\"d\":\"\\u00e4\\ud83d\\ude00\"}",
                        "{\"a\":" + "[".repeat(127) + "]".repeat(127) + "}",
                        "{\"a\":1,\r\n \"a\":2}"),
                Parser.ofBytes("JSON array", JsonParsers::readArray, "[{\"a\":1},{\"b\":[]},3]", "[]"),
                Parser.ofBytes("JSON array in object", JsonParsers::readArrayIn, "{\"events\":[{\"a\":1},{}]}"));
    }

    private static void readObject(byte[] text) {
        JsonMembers members = JsonText.object(text);
        members.requireDistinct();

        JsonNode tree = tree(text);
        require(tree.isObject(), "an object is read", tree);
        require(members.names().size() == tree.size(), "all members are there", members.names());
        for (String name : members.names()) {
            JsonSlice slice = members.get(name);
            byte[] value = Arrays.copyOfRange(text, slice.start, slice.end);
            require(tree(value).equals(tree.get(name)), "a member's bytes are its value", name);
            if (slice.isObject()) {
                requireOneLine(members.object(name), tree.get(name));
            }
            JsonNode rest = tree(members.without(name));
            require(rest.size() == tree.size() - 1 && !rest.has(name), "one member is left out", rest);
        }
    }

    private static void requireOneLine(byte[] json, JsonNode value) {
        for (byte b : json) {
            require(b != '\n' && b != '\r', "an object is on one line", value);
        }
        require(tree(json).equals(value), "an object keeps its value", value);
    }

    private static void readArray(byte[] text) {
        List<JsonMembers> elements = JsonText.array(text);

        require(elements.size() == tree(text).size(), "all elements are there", elements.size());
        elements.forEach(JsonMembers::requireDistinct);
    }

    private static void readArrayIn(byte[] text) {
        List<JsonMembers> elements = JsonText.arrayIn("events", "events", text);

        require(elements.size() == tree(text).path("events").size(), "all elements are there", elements.size());
        elements.forEach(JsonMembers::requireDistinct);
    }

    private static JsonNode tree(byte[] text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("what was accepted is no JSON", e);
        }
    }
}
