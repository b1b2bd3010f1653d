package dev.heliograph.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.problem.ProblemType;
import org.junit.jupiter.api.Test;

class JsonSliceTest {
    @Test
    void cutsAsDeepAsAsked() {
        JsonMembers members = slice("{\"a\":[\"x\", {\"b\":2}],\"c\":3}", 2).members("it");

        assertThat(members.names()).containsExactly("a", "c");
        assertThat(members.get("a").elements()).extracting(JsonSlice::string).containsExactly("x", null);
        assertThat(members.get("c").elements()).isEmpty();
    }

    @Test
    void failsInsteadOfHidingPartsThatWereNotCut() {
        JsonSlice deep = slice("{\"a\":[1]}", 1).members("it").get("a");

        assertThatThrownBy(deep::elements).isInstanceOf(NullPointerException.class);
    }

    @Test
    void showsTheValueAsWrittenAndCutsIt() {
        assertThat(slice("[1.10, 2]", 1).wrong(ProblemType.INVALID_DATA, "it", "less"))
                .hasMessage("it is [1.10, 2], expected less");
        assertThat(slice("\"" + "x".repeat(100) + "\"", 1).wrong(ProblemType.INVALID_DATA, "it", "less"))
                .hasMessage("it is \"" + "x".repeat(79) + "..., expected less");
    }

    private static JsonSlice slice(String json, int levels) {
        byte[] text = json.getBytes(UTF_8);
        return JsonText.read(text, parser -> {
            parser.nextToken();
            return JsonText.slice(text, parser, levels);
        });
    }
}
