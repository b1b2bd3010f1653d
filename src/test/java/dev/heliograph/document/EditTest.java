package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"a":1.10,"b":[1]} | {"b":[1],"a":1.10} | true
            {"a":1.10}         | {"a":1.1}          | false
            {"a":[1e1]}        | {"a":[10]}         | false
            {"a":"1"}          | {"a":1}            | false
            {"a":1}            |                    | false
            """)
    void recognizesItsOwnResultByTheDigitsOfNumbers(String replacement, String result, boolean mayLeave) {
        Edit edit = Edit.replaceBy(replacement.getBytes(UTF_8));

        assertThat(edit.mayLeave(result == null ? null : DocumentJson.object(result.getBytes(UTF_8))))
                .isEqualTo(mayLeave);
    }
}
