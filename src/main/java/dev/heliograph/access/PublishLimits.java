package dev.heliograph.access;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How often one client may publish to a namespace, counted by event, also within batches. Messages of Redis {@code PUBLISH} are
 * not counted. Any thread may call; nothing blocks.
 */
public final class PublishLimits {
    /** A client that was silent may publish that many seconds' worth at once. */
    private static final int BURST_SECONDS = 10;

    /** A namespace without a limit has no entry. */
    private final Map<String, RateLimit> limits = new HashMap<>();

    private final Counter refusals;

    public static PublishLimits of(Collection<Namespace> namespaces, LimitsConfig config, MeterRegistry metrics) {
        return new PublishLimits(namespaces, config.maxClients(), TimeMeter.SYSTEM_NANOTIME, metrics);
    }

    PublishLimits(Collection<Namespace> namespaces, int maxClients, TimeMeter time, MeterRegistry metrics) {
        for (Namespace namespace : namespaces) {
            int rate = namespace.publishesPerSecond();
            if (rate > 0) {
                limits.put(
                        namespace.name(),
                        new RateLimit(namespace.name(), rate, rate * BURST_SECONDS, maxClients, time));
            }
        }
        refusals = Counter.builder("heliograph_access_refusals")
                .tag("policy", "namespace")
                .register(metrics);
    }

    /**
     * Counts one event.
     *
     * @throws ProblemException {@code rate-exceeded}, if it is one too many
     */
    public void require(Caller caller, Channel channel) {
        RateLimit limit = limits.get(channel.namespace());
        if (limit == null) {
            return;
        }
        RateLimit.Verdict verdict = limit.take(caller.client());
        if (!verdict.isTaken()) {
            refusals.increment();
            throw new ProblemException(Problem.of(
                            ProblemType.RATE_EXCEEDED,
                            "you publish more often than the limit " + limit.policyHeader() + " of the namespace"
                                    + " allows (q events at once, as many again in w seconds)")
                    .retryAfter(verdict.retryAfter()));
        }
    }
}
