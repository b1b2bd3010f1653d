package dev.heliograph.log;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.time.Duration;

/** The problems of a client when the log, or its feed, did not answer this node in time. */
public final class LogTimeout {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private LogTimeout() {}

    public static ProblemException ofFeed() {
        return of("The event log's feed is not connected at present; try again");
    }

    public static ProblemException ofLog() {
        return of("The event log did not answer in time; try again");
    }

    public static ProblemException of(String detail) {
        return new ProblemException(Problem.of(ProblemType.LOG_TIMEOUT, detail).retryAfter(RETRY_AFTER));
    }
}
