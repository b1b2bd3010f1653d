package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MergePatchTest {
    /** RFC 7396, appendix A, as far as it patches objects by objects. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"a":"b"}           | {"a":"c"}           | {"a":"c"}
            {"a":"b"}           | {"b":"c"}           | {"a":"b","b":"c"}
            {"a":"b"}           | {"a":null}          | {}
            {"a":"b","b":"c"}   | {"a":null}          | {"b":"c"}
            {"a":["b"]}         | {"a":"c"}           | {"a":"c"}
            {"a":"c"}           | {"a":["b"]}         | {"a":["b"]}
            {"a":{"b":"c"}}     | {"a":{"b":"d","c":null}} | {"a":{"b":"d"}}
            {"a":[{"b":"c"}]}   | {"a":[1]}           | {"a":[1]}
            {"e":null}          | {"a":1}             | {"e":null,"a":1}
            {"a":"foo"}         | {"a":{"b":1}}       | {"a":{"b":1}}
            {}                  | {"a":{"bb":{"ccc":null}}} | {"a":{"bb":{}}}
            {"a":1.10}          | {"b":2.50}          | {"a":1.10,"b":2.50}
            {"":1}              | {"":null}           | {}
            {"a":1}             | {}                  | {"a":1}
            {"a":1e999999999}   | {"b":-0.10e-999999998} | {"a":1E+999999999,"b":-1.0E-999999999}
            """)
    void replacesMembersOfTheSameName(String document, String patch, String expected) {
        ObjectNode changed =
                MergePatch.read(patch.getBytes(UTF_8)).applyTo(DocumentJson.object(document.getBytes(UTF_8)));

        assertThat(changed).hasToString(expected);
        DocumentJsonTest.requireReadable(changed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "7", "\"a\""})
    void refusesPatchThatIsNoObject(String patch) {
        ProblemException refused =
                catchThrowableOfType(ProblemException.class, () -> MergePatch.read(patch.getBytes(UTF_8)));

        assertThat(refused.problem().type()).isEqualTo(ProblemType.INVALID_PATCH);
    }

    @Test
    void appliesPatchOfGreatestDepth() {
        String deep = "{\"a\":".repeat(127) + "{}" + "}".repeat(127);

        assertThat(MergePatch.read(deep.getBytes(UTF_8)).applyTo(DocumentJson.object("{}".getBytes(UTF_8))))
                .hasToString(deep);
    }
}
