package dev.heliograph.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fixture.WireSample;
import dev.heliograph.log.Gap;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemType;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Holds {@code vocabulary.json}, which clients in other languages read, against the code. */
class VocabularyTest {
    @Test
    void listsEveryCloseReason() throws IOException {
        assertThat(lines("closeReasons"))
                .containsExactlyElementsOf(Arrays.stream(CloseReason.values())
                        .map(reason -> "{\"code\":" + reason.code() + ",\"reason\":\"" + reason.text()
                                + "\",\"reconnect\":\"" + reason.reconnect().wireName() + "\"}")
                        .toList());
    }

    @Test
    void listsEveryReasonOfAGap() throws IOException {
        assertThat(lines("gapReasons"))
                .containsExactlyElementsOf(Arrays.stream(Gap.Reason.values())
                        .map(reason -> '"' + reason.wireName() + '"')
                        .toList());
    }

    @Test
    void listsEveryProblem() throws IOException {
        assertThat(lines("problems"))
                .containsExactlyElementsOf(Arrays.stream(ProblemType.values())
                        .map(VocabularyTest::line)
                        .toList());
    }

    /** The members of a problem that its type fixes. */
    private static String line(ProblemType type) {
        Map<String, Object> all = Problem.of(type, "").members();
        return Stream.of("type", "title", "status", "severity", "category", "retryable")
                .map(name ->
                        '"' + name + "\":" + (all.get(name) instanceof String text ? '"' + text + '"' : all.get(name)))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static List<String> lines(String name) throws IOException {
        return StreamSupport.stream(WireSample.vocabulary().path(name).spliterator(), false)
                .map(Object::toString)
                .toList();
    }
}
