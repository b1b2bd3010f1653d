package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.fixture.WireSample;
import dev.heliograph.log.Document;
import dev.heliograph.log.Position;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The problem for a writer of a stale version: as the sample says, and bounded in size. */
class ReconciliationTest {
    private static final Condition STALE = new Condition(Condition.Kind.TAG, "e-1");

    @Test
    void writesTheProblemAsTheSampleSays() throws IOException {
        ObjectNode base = object("\"status\":\"new\",\"price\":1.10,\"note\":\"a\"");
        ObjectNode theirs = object("\"status\":\"paid\",\"price\":1.10,\"note\":\"b\"");
        ObjectNode yours = object("\"status\":\"lost\",\"price\":1.20,\"note\":\"a\"");
        var present = new Document(DocumentJson.write(theirs), new Position("3kq0vkzx5d1n8", 42), Instant.EPOCH);

        assertThat(Reconciliation.of(Base.known(base), present, theirs, yours)
                        .problem(STALE)
                        .problem()
                        .json())
                .isEqualTo(WireSample.read("problem-precondition-failed"));
    }

    @Test
    void listsAThousandConflictsAndAThousandMergedMembers() {
        Map<String, Object> hints = hints(
                members("t", 1000, 1) + "," + members("y", 1000, 1) + "," + members("c", 1000, 1),
                members("t", 1000, 2) + "," + members("y", 1000, 1) + "," + members("c", 1000, 2),
                members("t", 1000, 1) + "," + members("c", 1000, 3));

        assertThat((List<?>) hints.get("conflicts")).hasSize(1000);
        assertThat((List<?>) hints.get("merged")).hasSize(1000);
        assertThat(hints).containsEntry("truncated", true);
    }

    @Test
    void marksNoFullListAsTruncated() {
        Map<String, Object> hints = hints(members("c", 1000, 1), members("c", 1000, 2), members("c", 1000, 3));

        assertThat((List<?>) hints.get("conflicts")).hasSize(1000);
        assertThat(hints).doesNotContainKey("truncated");
    }

    @Test
    void stopsAfter64KiBOfPointers() {
        Map<String, Object> hints = hints(long64("1"), long64("2"), long64("3"));

        assertThat((List<?>) hints.get("conflicts")).hasSize(64);
        assertThat(hints).containsEntry("truncated", true);
    }

    @Test
    void writesLongNamesWithoutMoreMemory() {
        ObjectNode base = inLongNames(members("c", 1000, 1) + "," + members("m", 1000, 1));
        ObjectNode theirs = inLongNames(members("c", 1000, 2) + "," + members("m", 1000, 2));
        ObjectNode yours = inLongNames(members("c", 1000, 3) + "," + members("m", 1000, 1));

        assertThat(LongNames.bytesAllocatedBy(() -> Reconciliation.of(Base.known(base), null, theirs, yours)
                        .problem(STALE)
                        .problem()
                        .json()))
                .isLessThan(LongNames.MAX_BYTES);
    }

    private static Map<String, Object> hints(String base, String theirs, String yours) {
        Reconciliation found = Reconciliation.of(Base.known(object(base)), null, object(theirs), object(yours));

        assertThat(found.isMergeable()).isFalse();
        return found.problem(STALE).problem().hints();
    }

    /** 70 members whose pointers have 1025 characters each. */
    private static String long64(String value) {
        return IntStream.range(10, 80)
                .mapToObj(i -> "\"" + i + "x".repeat(998) + "\":{\"" + "x".repeat(23) + "\":" + value + "}")
                .collect(Collectors.joining(","));
    }

    private static String members(String prefix, int count, int value) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + prefix + i + "\":" + value)
                .collect(Collectors.joining(","));
    }

    private static ObjectNode object(String members) {
        return DocumentJson.object(("{" + members + "}").getBytes(UTF_8));
    }

    private static ObjectNode inLongNames(String members) {
        return DocumentJson.object(LongNames.around(126, "{" + members + "}"));
    }
}
