package dev.heliograph.access;

import io.github.bucket4j.TimeMeter;
import java.util.Optional;

/**
 * The limits of this node, one for each kind of request; empty where requests are not limited.
 *
 * @param accept of all clients together
 */
public record RateLimits(
        Optional<RateLimit> publish,
        Optional<RateLimit> poll,
        Optional<RateLimit> connect,
        Optional<RateLimit> accept) {
    private static final String ROOT = "heliograph.access.limits.";

    /** @throws IllegalArgumentException that names the key whose value cannot be meant */
    public static RateLimits of(LimitsConfig config) {
        return of(config, TimeMeter.SYSTEM_NANOTIME);
    }

    static RateLimits of(LimitsConfig config, TimeMeter time) {
        require(config.maxClients() >= 1, "max-clients", config.maxClients(), "1 or more");
        return new RateLimits(
                limit("publish", config.publish(), config, time),
                limit("poll", config.poll(), config, time),
                limit("connect", config.connect(), config, time),
                limit("accept", config.accept(), config, time));
    }

    private static Optional<RateLimit> limit(String name, LimitsConfig.Rate rate, LimitsConfig config, TimeMeter time) {
        int perSecond = rate.requestsPerSecond();
        require(perSecond >= 0, name + ".requests-per-second", perSecond, "0 (no limit) or more");
        if (perSecond == 0) {
            return Optional.empty();
        }
        require(rate.burst() >= 1, name + ".burst", rate.burst(), "1 or more, or " + name + ".requests-per-second=0");
        return Optional.of(new RateLimit(name, perSecond, rate.burst(), config.maxClients(), time));
    }

    private static void require(boolean holds, String key, int value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(ROOT + key + " is " + value + ", expected " + expected);
        }
    }
}
