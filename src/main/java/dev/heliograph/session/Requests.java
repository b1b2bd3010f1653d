package dev.heliograph.session;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;

/**
 * The requests of one client: how often they may come, how many bytes they have, and how many may wait for an answer. Belongs to
 * one event loop.
 */
final class Requests {
    private static final Duration OVERLOAD_PAUSE = Duration.ofSeconds(1);

    private final SessionConfig config;
    private final Refusals refusals;
    private final Runnable whenHopeless;
    /** Null until the first request, as the other: clients that only listen make none. */
    private RequestRate rate;

    private RequestRate byteRate;

    private int underWay;

    /** How many were refused, of all clients. */
    record Refusals(Counter requests, Counter bytes) {
        Refusals(MeterRegistry metrics) {
            this(counter("requests", metrics), counter("bytes", metrics));
        }

        private static Counter counter(String policy, MeterRegistry metrics) {
            return Counter.builder("heliograph_access_refusals")
                    .tag("policy", policy)
                    .register(metrics);
        }
    }

    /** @param whenHopeless called when too many were refused */
    Requests(SessionConfig config, Refusals refusals, Runnable whenHopeless) {
        this.config = config;
        this.refusals = refusals;
        this.whenHopeless = whenHopeless;
    }

    /** As {@link Session#onRequest}. */
    void begin(int bytes) {
        count(bytes);
        if (underWay >= config.maxRequestsUnderWay()) {
            throw new ProblemException(
                    Problem.of(ProblemType.OVERLOADED, underWay + " requests of this connection wait for an answer")
                            .retryAfter(OVERLOAD_PAUSE));
        }
        underWay++;
    }

    /** As {@link Session#countFrame}. */
    void count(int bytes) {
        if (rate == null) {
            rate = rate(config.requestBurst(), config.requestsPerSecond());
            byteRate = rate(
                    config.byteBurst().asLongValue(), config.bytesPerSecond().asLongValue());
        }
        Optional<Duration> wait = rate.refuse(1);
        if (wait.isPresent()) {
            refusals.requests().increment();
            throw refusal(rate, config.requestsPerSecond() + " requests", config.requestBurst(), wait.get());
        }
        wait = byteRate.refuse(Math.max(1, bytes));
        if (wait.isPresent()) {
            refusals.bytes().increment();
            throw refusal(
                    byteRate,
                    config.bytesPerSecond().asLongValue() + " bytes",
                    config.byteBurst().asLongValue(),
                    wait.get());
        }
    }

    private RequestRate rate(long burst, long perSecond) {
        return new RequestRate(burst, perSecond, config.refusalsBeforeClose(), TimeMeter.SYSTEM_NANOTIME);
    }

    private ProblemException refusal(RequestRate exceeded, String most, long burst, Duration wait) {
        if (exceeded.isHopeless()) {
            whenHopeless.run();
        }
        return new ProblemException(Problem.of(
                        ProblemType.RATE_EXCEEDED,
                        "A connection may send " + most + " per second, and " + burst + " at once")
                .retryAfter(wait));
    }

    /** As {@link Session#onAnswered}. */
    void end() {
        underWay--;
    }
}
