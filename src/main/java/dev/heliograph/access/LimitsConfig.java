package dev.heliograph.access;

import io.smallrye.config.WithDefault;

/** How often one client may ask: {@code heliograph.access.limits.*}. The rates' defaults are in application.properties. */
interface LimitsConfig {
    /** Requests below {@code /api/realtime/publish}, a batch as one, and changes of documents. */
    Rate publish();

    /**
     * Every other request below {@code /api/realtime}: polls, ranges, latest events, reads of documents, the cache's
     * administration.
     */
    Rate poll();

    /** New WebSockets and event streams. */
    Rate connect();

    /** New WebSockets and event streams of all clients of this node, against many that come back at the same time. */
    Rate accept();

    /** How many WebSockets and event streams a node has at a time; 0: as many as come. */
    @WithDefault("100000")
    int maxConnections();

    /** How many of them one address has, which may be a proxy or an office; 0: as many as it likes. */
    @WithDefault("20000")
    int maxConnectionsPerAddress();

    /** How many of them one subject or API key has; 0: as many as it likes. */
    @WithDefault("1000")
    int maxConnectionsPerSubject();

    /** Whether the last two count the connections to all nodes on the same Redis, as of a few seconds ago. */
    @WithDefault("false")
    boolean countAllNodes();

    /** How many clients are remembered for each of these, the most active ones; at least 1. */
    @WithDefault("100000")
    int maxClients();

    /** One limit: a bucket of {@code burst} requests that fills up with {@code requests-per-second}. */
    interface Rate {
        /** How many requests a client may send in one second, in the long run; 0: as many as it likes. */
        int requestsPerSecond();

        /** How many requests a client that was silent may send at once; at least 1; 0 only without a limit. */
        int burst();
    }
}
