package dev.heliograph.document;

import static dev.heliograph.fuzz.Parser.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.fuzz.Parser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What is fuzzed of this package. */
public final class DocumentParsers {
    private static final String PRESENT =
            "{\"status\":\"new\",\"total\":12.30,\"items\":[1,{\"name\":\"a\"},[]],\"customer\":{\"a/b\":{\"~\":null}}}";

    private DocumentParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofBytes(
                        "document",
                        DocumentParsers::readDocument,
                        PRESENT,
                        "{\"a\":1e400,\"b\":-0.0,\"c\":1E+2}",
                        "{\"a\":1e999999999,\"b\":[10e2147483647,1e-2147483647]}"),
                Parser.ofBytes(
                        "merge patch",
                        text -> apply(Edit.mergePatch(text)),
                        "{\"status\":\"paid\",\"customer\":{\"a/b\":null},\"items\":null}"),
                Parser.ofBytes(
                        "JSON patch",
                        text -> apply(Edit.jsonPatch(text)),
                        "[{\"op\":\"test\",\"path\":\"/status\",\"value\":\"new\"},"
                                + "{\"op\":\"add\",\"path\":\"/items/-\",\"value\":{}},"
                                + "{\"op\":\"replace\",\"path\":\"/items/0\",\"value\":[2]},"
                                + "{\"op\":\"remove\",\"path\":\"/customer/a~1b/~0\"},"
                                + "{\"op\":\"move\",\"from\":\"/items/1\",\"path\":\"/moved\"},"
                                + "{\"op\":\"copy\",\"from\":\"\",\"path\":\"/copy\"}]",
                        "[{\"op\":\"copy\",\"from\":\"/items\",\"path\":\"/items/1/name\"}]",
                        "[{\"op\":\"replace\",\"path\":\"\",\"value\":{}}]"),
                Parser.ofLines(
                        "condition",
                        DocumentParsers::readCondition,
                        "If-Match\n\"a-1\"",
                        "If-Match\n*",
                        "If-None-Match\n*",
                        "If-Match\nW/\"a-1-gzip\""));
    }

    /** What is written can be read again, and is the same. */
    private static void readDocument(byte[] text) {
        ObjectNode document = DocumentJson.object(text);

        require(!DocumentJson.isDeeper(document, DocumentJson.MAX_DEPTH), "a document has its depth", text.length);
        requireSame(document, DocumentJson.object(DocumentJson.write(document)));
    }

    private static void apply(Edit edit) {
        ObjectNode present = DocumentJson.object(PRESENT.getBytes(StandardCharsets.UTF_8));

        ObjectNode result = edit.applyTo(present);

        requireSame(present, DocumentJson.object(PRESENT.getBytes(StandardCharsets.UTF_8)));
        requireSame(result, DocumentJson.object(DocumentJson.write(result)));
    }

    private static void requireSame(JsonNode one, JsonNode other) {
        require(one.equals(other), "documents are the same: " + other, one);
    }

    /** The first line of an input is the header's name, the others are its values. */
    private static void readCondition(List<String> lines) {
        List<String> values = lines.subList(1, lines.size());
        boolean isMatch = lines.get(0).equals(Condition.IF_MATCH);

        Condition condition = Condition.read(isMatch ? values : List.of(), isMatch ? List.of() : values);

        String all = String.join(",", values).strip();
        Map<Condition.Kind, Boolean> holds = Map.ofEntries(
                Map.entry(Condition.Kind.NONE, values.isEmpty()),
                Map.entry(Condition.Kind.ABSENT, all.equals("*") && !isMatch),
                Map.entry(Condition.Kind.PRESENT, all.equals("*") && isMatch),
                Map.entry(
                        Condition.Kind.TAG, isMatch && condition.tag() != null && all.contains('"' + condition.tag())));
        require(holds.get(condition.kind()), "the condition is what was written", lines);
    }
}
