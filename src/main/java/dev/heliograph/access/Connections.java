package dev.heliograph.access;

import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Counts the connections that stay, WebSockets and event streams, on this node: all, by address, and by subject or key. The
 * last two also count what {@linkplain #elsewhere other nodes} told. Any thread may call; nothing blocks.
 */
public final class Connections {
    private static final String ROOT = "heliograph.access.limits.";
    private static final String NODE = "node";
    /** A node tells others of clients that have at least this part of what is allowed. */
    private static final int SHARES = 10;

    private static final int MAX_TOLD = 2000;
    private static final int LEAST_WAIT_MILLIS = 1000;
    private static final int WAIT_SPREAD_MILLIS = 9000;

    private final Limit node;
    private final Limit address;
    private final Limit subject;
    private final boolean countsAllNodes;
    private final Map<Transport, LongAdder> open = new EnumMap<>(Transport.class);
    private final OtherNodes elsewhere = new OtherNodes();

    private record Limit(
            String name, String key, int most, ConcurrentHashMap<String, Integer> counts, Counter refusals) {
        Limit(String name, String key, int most, MeterRegistry metrics) {
            this(name, key, most, new ConcurrentHashMap<>(), refusals(name, metrics));
            if (most < 0) {
                throw new IllegalArgumentException(ROOT + key + " is " + most + ", expected 0 (no limit) or more");
            }
        }

        /**
         * False if there are as many already.
         *
         * @param elsewhere how many other nodes have
         */
        boolean enter(String client, int elsewhere) {
            boolean[] isRoom = {true};
            counts.compute(client, (same, count) -> {
                int now = count == null ? 0 : count;
                isRoom[0] = most == 0 || now + elsewhere < most;
                return isRoom[0] ? Integer.valueOf(now + 1) : count;
            });
            if (!isRoom[0]) {
                refusals.increment();
            }
            return isRoom[0];
        }

        /** Of the clients that have the most, as far as these matter to other nodes. */
        Map<String, Integer> largest() {
            int least = Math.max(1, most / SHARES);
            return counts.entrySet().stream()
                    .filter(client -> most > 0 && client.getValue() >= least)
                    .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                    .limit(MAX_TOLD)
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
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
                        metrics),
                config.countAllNodes(),
                metrics);
    }

    private Connections(Limit node, Limit address, Limit subject, boolean countsAllNodes, MeterRegistry metrics) {
        this.node = node;
        this.address = address;
        this.subject = subject;
        this.countsAllNodes = countsAllNodes;
        for (Transport transport : Transport.values()) {
            var count = new LongAdder();
            open.put(transport, count);
            Gauge.builder("heliograph_access_connections", count, LongAdder::sum)
                    .description("Connections that stay")
                    .tag("transport", transport.name().toLowerCase(Locale.ROOT))
                    .register(metrics);
        }
    }

    /**
     * Counts a new connection.
     *
     * @throws ProblemException {@code node-full} or {@code too-many-connections}; nothing is counted then
     */
    public Place enter(Caller caller, Transport transport) {
        if (!node.enter(NODE, 0)) {
            throw new ProblemException(Problem.of(
                            ProblemType.NODE_FULL,
                            "this node has " + node.most + " connections, as many as " + ROOT + node.key + " allows")
                    .retryAfter(later()));
        }
        if (!address.enter(caller.address(), elsewhere.byAddress(caller.address()))) {
            node.leave(NODE);
            throw tooMany(address, "this address");
        }
        var place = new Place(caller, open.get(transport));
        try {
            caller.identity().ifPresent(place::becomes);
        } catch (ProblemException tooMany) {
            place.leave();
            throw tooMany;
        }
        return place;
    }

    /** Whether the nodes are to tell each other. */
    public boolean countsAllNodes() {
        return countsAllNodes;
    }

    /** How a connection is made. */
    public enum Transport {
        WEBSOCKET,
        SSE
    }

    /** What other nodes may want to know. Goes through all clients. */
    public Tally tally() {
        return new Tally(address.largest(), subject.largest());
    }

    /** How many may be open here; 0: any number. */
    public int most() {
        return node.most();
    }

    /** How many are open here, over all transports. */
    public long open() {
        return open.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** What other nodes have; it counts against the limits of addresses and subjects here. */
    public OtherNodes elsewhere() {
        return elsewhere;
    }

    /** One connection that is counted. Any thread may call. */
    public final class Place {
        private final Caller opener;
        private final LongAdder open;
        /** Null: it did not say who it is. */
        private String client;

        private boolean hasLeft;

        private Place(Caller opener, LongAdder open) {
            this.opener = opener;
            this.open = open;
            open.increment();
        }

        /** Who opened it. */
        public Caller opener() {
            return opener;
        }

        /**
         * Counts it as one of this client from now on.
         *
         * @throws ProblemException {@code too-many-connections}; it is counted as before
         */
        public synchronized void becomes(Identity identity) {
            String next = opener.as(identity).client();
            if (hasLeft || next.equals(client)) {
                return;
            }
            if (!subject.enter(next, elsewhere.bySubject(next))) {
                throw tooMany(subject, "the token's subject, or the key,");
            }
            if (client != null) {
                subject.leave(client);
            }
            client = next;
        }

        /** To be called when it has ended; a second time does nothing. */
        public synchronized void leave() {
            if (hasLeft) {
                return;
            }
            hasLeft = true;
            open.decrement();
            node.leave(NODE);
            address.leave(opener.address());
            if (client != null) {
                subject.leave(client);
            }
        }
    }

    private static ProblemException tooMany(Limit limit, String whose) {
        return new ProblemException(Problem.of(
                        ProblemType.TOO_MANY_CONNECTIONS,
                        whose + " has " + limit.most + " connections, as many as " + ROOT + limit.key
                                + " allows: close one")
                .retryAfter(later()));
    }

    /** When a client that was not let in may come again: 1 to 10 s, another time for each, so that not all come at once. */
    public static Duration later() {
        return Duration.ofMillis(LEAST_WAIT_MILLIS + ThreadLocalRandom.current().nextInt(WAIT_SPREAD_MILLIS));
    }
}
