package dev.heliograph.access;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts the connections that stay, WebSockets and event streams, on this node: all, by address, and by subject or key. Any
 * thread may call; nothing blocks.
 */
public final class Connections {
    private static final String ROOT = "heliograph.access.limits.";
    private static final String NODE = "node";
    private static final int LEAST_WAIT_MILLIS = 1000;
    private static final int WAIT_SPREAD_MILLIS = 9000;

    private final Limit node;
    private final Limit address;
    private final Limit subject;

    private record Limit(
            String name, String key, int most, ConcurrentHashMap<String, Integer> counts, Counter refusals) {
        Limit(String name, String key, int most, MeterRegistry metrics) {
            this(name, key, most, new ConcurrentHashMap<>(), refusals(name, metrics));
            if (most < 0) {
                throw new IllegalArgumentException(ROOT + key + " is " + most + ", expected 0 (no limit) or more");
            }
        }

        /** False if there are as many already. */
        boolean enter(String client) {
            boolean[] isRoom = {true};
            counts.compute(client, (same, count) -> {
                int now = count == null ? 0 : count;
                isRoom[0] = most == 0 || now < most;
                return isRoom[0] ? Integer.valueOf(now + 1) : count;
            });
            if (!isRoom[0]) {
                refusals.increment();
            }
            return isRoom[0];
        }

        void leave(String client) {
            counts.computeIfPresent(client, (same, count) -> count == 1 ? null : Integer.valueOf(count - 1));
        }

        private static Counter refusals(String name, MeterRegistry metrics) {
            return Counter.builder("heliograph_access_refusals")
                    .tag("policy", name)
                    .register(metrics);
        }
    }

    /** @throws IllegalArgumentException that names the key whose value cannot be meant */
    public static Connections of(LimitsConfig config, MeterRegistry metrics) {
        return new Connections(
                new Limit("connections-node", "max-connections", config.maxConnections(), metrics),
                new Limit(
                        "connections-address",
                        "max-connections-per-address",
                        config.maxConnectionsPerAddress(),
                        metrics),
                new Limit(
                        "connections-subject",
                        "max-connections-per-subject",
                        config.maxConnectionsPerSubject(),
                        metrics));
    }

    private Connections(Limit node, Limit address, Limit subject) {
        this.node = node;
        this.address = address;
        this.subject = subject;
    }

    /**
     * Counts a new connection.
     *
     * @return to be run when it has ended; a second time does nothing
     * @throws ProblemException {@code node-full} or {@code too-many-connections}; nothing is counted then
     */
    public Runnable enter(Caller caller) {
        if (!node.enter(NODE)) {
            throw new ProblemException(Problem.of(
                            ProblemType.NODE_FULL,
                            "this node has " + node.most + " connections, as many as " + ROOT + node.key + " allows")
                    .retryAfter(later()));
        }
        if (!address.enter(caller.address())) {
            node.leave(NODE);
            throw tooMany(address, "this address");
        }
        boolean isNamed = caller.identity().isPresent();
        if (isNamed && !subject.enter(caller.client())) {
            node.leave(NODE);
            address.leave(caller.address());
            throw tooMany(subject, "the token's subject, or the key,");
        }
        var hasLeft = new AtomicBoolean();
        return () -> {
            if (hasLeft.compareAndSet(false, true)) {
                node.leave(NODE);
                address.leave(caller.address());
                if (isNamed) {
                    subject.leave(caller.client());
                }
            }
        };
    }

    private static ProblemException tooMany(Limit limit, String whose) {
        return new ProblemException(Problem.of(
                        ProblemType.TOO_MANY_CONNECTIONS,
                        whose + " has " + limit.most + " connections to this node, as many as " + ROOT + limit.key
                                + " allows: close one")
                .retryAfter(later()));
    }

    /** When a client that was not let in may come again: 1 to 10 s, another time for each, so that not all come at once. */
    public static Duration later() {
        return Duration.ofMillis(LEAST_WAIT_MILLIS + ThreadLocalRandom.current().nextInt(WAIT_SPREAD_MILLIS));
    }
}
