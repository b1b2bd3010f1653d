package dev.heliograph.event;

import java.time.Duration;

/** How long HTTP caches may serve the latest event or the document of a namespace's channels without asking again. */
public enum CacheProfile {
    REALTIME(5),
    FAST(30),
    STANDARD(300),
    SLOW(1800);

    private final Duration ttl;

    CacheProfile(int seconds) {
        ttl = Duration.ofSeconds(seconds);
    }

    public Duration ttl() {
        return ttl;
    }
}
