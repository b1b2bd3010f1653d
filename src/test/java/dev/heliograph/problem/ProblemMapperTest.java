package dev.heliograph.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemMapperTest {
    @Test
    void anUnforeseenFailureTellsNothingButAnId() {
        Problem problem = ProblemMapper.toProblem(new IllegalStateException("secret"));

        assertThat(problem.type()).isEqualTo(ProblemType.INTERNAL);
        assertThat(problem.detail())
                .matches("the gateway's log has the cause under the id [0-9a-f-]{36}")
                .doesNotContain("secret");
    }

    @Test
    void theProblemOfAnExceptionIsToldAsItIs() {
        Problem problem = Problem.of(ProblemType.OVERLOADED, "busy");

        assertThat(ProblemMapper.toProblem(new ProblemException(problem))).isSameAs(problem);
    }

    @Test
    void retryAfterIsRoundedUpToSeconds() {
        Problem problem = Problem.of(ProblemType.OVERLOADED, "busy").retryAfter(Duration.ofMillis(1001));

        assertThat(problem.members()).containsEntry("retryAfter", 2L);
    }

    @Test
    void retryAfterIsNeverTooEarly() {
        Problem problem = Problem.of(ProblemType.OVERLOADED, "busy").retryAfter(Duration.ofSeconds(1, 1));

        assertThat(problem.retryAfterSeconds()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(ProblemType.class)
    void everyTypeIsInTheProtocol(ProblemType type) throws IOException {
        assertThat(Files.readString(Path.of("docs", "protocol.md"))).contains('`' + type.slug() + '`');
    }

    @Test
    void aProblemInALargerInputNamesItsPlace() {
        Problem problem = Problem.inField(ProblemType.UNKNOWN_TYPE, "type", "x", "y");

        assertThat(problem.within("events[3]").field()).isEqualTo("events[3].type");
    }
}
