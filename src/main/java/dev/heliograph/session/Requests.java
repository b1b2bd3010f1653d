package dev.heliograph.session;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.time.Duration;

/** The requests of one client: how often they may come, and how many may wait for an answer. Belongs to one event loop. */
final class Requests {
    private static final Duration OVERLOAD_PAUSE = Duration.ofSeconds(1);

    private final SessionConfig config;
    private final Runnable whenHopeless;
    /** Null until the first request: clients that only listen make none. */
    private RequestRate rate;

    private int underWay;

    /** @param whenHopeless called when too many were refused */
    Requests(SessionConfig config, Runnable whenHopeless) {
        this.config = config;
        this.whenHopeless = whenHopeless;
    }

    /** As {@link Session#onRequest}. */
    void begin() {
        count();
        if (underWay >= config.maxRequestsUnderWay()) {
            throw new ProblemException(
                    Problem.of(ProblemType.OVERLOADED, underWay + " requests of this connection wait for an answer")
                            .retryAfter(OVERLOAD_PAUSE));
        }
        underWay++;
    }

    /** As {@link Session#countFrame}. */
    void count() {
        if (rate == null) {
            rate = new RequestRate(config);
        }
        rate.refuse().ifPresent(wait -> {
            if (rate.isHopeless()) {
                whenHopeless.run();
            }
            throw new ProblemException(Problem.of(
                            ProblemType.RATE_EXCEEDED,
                            "A connection may send " + config.requestsPerSecond() + " requests per second, and "
                                    + config.requestBurst() + " at once")
                    .retryAfter(wait));
        });
    }

    /** As {@link Session#onAnswered}. */
    void end() {
        underWay--;
    }
}
