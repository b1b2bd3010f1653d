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
