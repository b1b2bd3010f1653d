package dev.heliograph.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.problem.Problem;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpFramingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.1|chunked|0",
                "1.1|CHUNKED|0",
                "1.1|,chunked ,|0",
                "1.1|xchunked|400",
                "1.1|identity|400",
                "1.1|''|400",
                "1.1|chunked, identity|400",
                "1.1|chunked;identity|400",
                "1.1|chunked, chunked|400",
                "1.1|chunked, gzip, chunked|400",
                "1.1|gzip|400",
                "1.1|gzip, chunked|501",
                "1.0|chunked|400",
            })
    void refusesCodingsWhoseEndIsUnknown(String version, String transferEncoding, int status) {
        for (List<String> lines : List.of(List.of(transferEncoding), Arrays.asList(transferEncoding.split(",", -1)))) {
            var framing = new HttpFraming(version.equals("1.0"), List.of(), lines);

            assertThat(framing.refusal()
                            .map(Problem::type)
                            .map(type -> type.status())
                            .orElse(0))
                    .isEqualTo(status);
            assertThat(framing.endsConnection()).isEqualTo(status != 0 || version.equals("1.0"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.1||false",
                "1.1|keep-alive|false",
                "1.1|TE|false",
                "1.1|closed|false",
                "1.1|close|true",
                "1.1|close, TE|true",
                "1.1|TE , Close|true",
                "1.0||true",
                "1.0|keep-alive|false",
                "1.0|Keep-Alive, TE|false",
                "1.0|keep-alive, close|true",
            })
    void obeysEachOptionOfTheConnection(String version, String connection, boolean ends) {
        List<String> values = connection == null ? List.of() : List.of(connection);

        assertThat(new HttpFraming(version.equals("1.0"), values, List.of()).endsConnection())
                .isEqualTo(ends);
    }
}
