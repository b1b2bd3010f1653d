package dev.heliograph.latest;

import java.util.LinkedHashMap;
import java.util.Map;

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

    /** The members of the JSON form, in the order in which they are written. */
    Map<String, Object> members() {
        // docs/decisions.md: Problems and statistics are written member by member
        var members = new LinkedHashMap<String, Object>();
        members.put("entries", entries);
        members.put("bytes", bytes);
        members.put("maxBytes", maxBytes);
        members.put("hits", hits);
        members.put("misses", misses);
        members.put("hitRate", hitRate);
        members.put("notModified", notModified);
        return members;
    }
}
