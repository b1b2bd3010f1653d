package dev.heliograph.latest;

/**
 * How this node's cache of latest events does, since it started.
 *
 * @param entries events that are kept at present, one for each channel and type
 * @param bytes about how much memory they take
 * @param maxBytes see {@link LatestEvents.Config#cacheBytes}
 * @param hits how often the cache had the answer
 * @param misses how often the log had to be read
 * @param hitRate hits of all, 0 to 1; 0 while nobody has asked
 * @param notModified how often a client had the newest event already
 */
record CacheStatistics(
        long entries, long bytes, long maxBytes, long hits, long misses, double hitRate, long notModified) {
    CacheStatistics(long entries, long bytes, long maxBytes, long hits, long misses, long notModified) {
        this(
                entries,
                bytes,
                maxBytes,
                hits,
                misses,
                hits + misses == 0 ? 0 : (double) hits / (hits + misses),
                notModified);
    }
}
