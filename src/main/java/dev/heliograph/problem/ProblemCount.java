package dev.heliograph.problem;

import io.micrometer.core.instrument.Metrics;
import java.util.Locale;

/** Counts the problems that clients get: {@code heliograph_problem_answers_total}. Any thread may call. */
public final class ProblemCount {
    private ProblemCount() {}

    /** Must be called once for each problem that is sent, on any wire. */
    public static Problem counted(Problem problem) {
        Metrics.counter(
                        "heliograph_problem_answers",
                        "category",
                        problem.type().category().name().toLowerCase(Locale.ROOT),
                        "severity",
                        problem.type().severity().name().toLowerCase(Locale.ROOT),
                        "type",
                        problem.type().slug())
                .increment();
        return problem;
    }
}
