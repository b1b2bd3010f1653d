package dev.heliograph.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the merge to the vectors, to which clients in other languages are also held. */
class ThreeWayMergeTest {
    private static final String VECTORS = "/merge/vectors.json";
    private static final ObjectMapper EXACT = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

    private static final Set<String> MEMBERS =
            Set.of("name", "exact", "base", "theirs", "yours", "conflicts", "merged", "proposals");

    static Stream<Arguments> vectors() throws IOException {
        try (InputStream in = ThreeWayMergeTest.class.getResourceAsStream(VECTORS)) {
            return elements(EXACT.readTree(in).get("vectors"))
                    .map(vector -> Arguments.of(vector.path("name").textValue(), vector));
        }
    }

    @Test
    void findsAllVectors() throws IOException {
        assertThat(vectors().map(vector -> vector.get()[0]))
                .hasSizeGreaterThanOrEqualTo(90)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void readsVectorsThatSayWhetherDoublesWillDo(String name, JsonNode vector) {
        assertThat(vector.fieldNames()).toIterable().isSubsetOf(MEMBERS).contains("theirs", "yours");
        assertThat(vector.path("exact").booleanValue()).isEqualTo(!isOfDoubles(vector));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void mergesAsTheVectorSays(String name, JsonNode vector) {
        ObjectNode theirs = object(vector.get("theirs"));
        ObjectNode yours = object(vector.get("yours"));

        ThreeWayMerge merge = vector.has("base")
                ? ThreeWayMerge.of(object(vector.get("base")), theirs, yours)
                : ThreeWayMerge.withoutBase(theirs, yours);

        assertThat(merge.merged().stream().map(ThreeWayMerge.Place::pointer))
                .containsExactlyInAnyOrderElementsOf(
                        elements(vector.get("merged")).map(JsonNode::textValue).toList());
        assertThat(text(merge.document()))
                .isEqualTo(text(object(vector.get("proposals").get("merge"))));
        if (merge.document() != null) {
            DocumentJsonTest.requireReadable(merge.document());
        }
        assertThat(merge.conflicts().stream().map(ThreeWayMergeTest::text))
                .containsExactlyInAnyOrderElementsOf(conflicts(vector.get("conflicts")));
        assertThat(text(yours)).isEqualTo(text(object(vector.get("proposals").get("optimistic"))));
        assertThat(text(theirs)).isEqualTo(text(object(vector.get("proposals").get("server"))));
    }

    @Test
    void changesNeitherSide() {
        ObjectNode base = read("{\"a\":{\"x\":1}}");
        ObjectNode theirs = read("{\"a\":{\"x\":2}}");
        ObjectNode yours = read("{\"a\":{\"x\":1,\"y\":1}}");

        ThreeWayMerge.of(base, theirs, yours);

        assertThat(List.of(base, theirs, yours).toString())
                .isEqualTo("[{\"a\":{\"x\":1}}, {\"a\":{\"x\":2}}, {\"a\":{\"x\":1,\"y\":1}}]");
    }

    /** Whether a reader of doubles sees the same numbers. */
    private static boolean isOfDoubles(JsonNode value) {
        if (value.isNumber()) {
            double read = value.doubleValue();
            return Double.isFinite(read) && BigDecimal.valueOf(read).compareTo(value.decimalValue()) == 0;
        }
        return elements(value).allMatch(ThreeWayMergeTest::isOfDoubles);
    }

    private static Stream<JsonNode> elements(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }

    private static List<String> conflicts(JsonNode expected) {
        return elements(expected)
                .map(each -> each.get("pointer").textValue() + " " + member(each, "base") + " " + member(each, "theirs")
                        + " " + member(each, "yours"))
                .toList();
    }

    private static String member(JsonNode conflict, String name) {
        return conflict.has(name) ? text(DocumentJson.value(bytes(conflict.get(name)))) : "absent";
    }

    private static String text(ThreeWayMerge.Conflict conflict) {
        return conflict.place().pointer() + " " + textOrAbsent(conflict.base()) + " " + textOrAbsent(conflict.theirs())
                + " " + textOrAbsent(conflict.yours());
    }

    private static String textOrAbsent(JsonNode value) {
        return value == null ? "absent" : text(value);
    }

    private static String text(JsonNode value) {
        return String.valueOf(value);
    }

    /** The vector's value by way of its text; null for a document that is not there. */
    private static ObjectNode object(JsonNode value) {
        return value.isNull() ? null : DocumentJson.object(bytes(value));
    }

    private static byte[] bytes(JsonNode value) {
        try {
            return EXACT.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ObjectNode read(String json) {
        return DocumentJson.object(json.getBytes());
    }
}
