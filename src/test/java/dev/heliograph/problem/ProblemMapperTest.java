package dev.heliograph.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

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
    void aProblemIsTold() {
        Problem problem = Problem.of(ProblemType.OVERLOADED, "busy");

        assertThat(ProblemMapper.toProblem(new ProblemException(problem))).isSameAs(problem);
    }

    @Test
    void retryAfterIsRoundedUpToSeconds() {
        Problem problem = Problem.of(ProblemType.OVERLOADED, "busy").retryAfter(Duration.ofMillis(1001));

        assertThat(problem.members()).containsEntry("retryAfter", 2L);
    }

    @Test
    void aProblemInALargerInputNamesItsPlace() {
        Problem problem = Problem.inField(ProblemType.UNKNOWN_TYPE, "type", "x", "y");

        assertThat(problem.within("events[3]").field()).isEqualTo("events[3].type");
    }
}
