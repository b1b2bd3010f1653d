package dev.heliograph.node;

import dev.heliograph.log.redis.RedisEngine;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while announcements from Redis may be lost: a socket can be open and bring nothing. */
@Readiness
@Singleton
final class FeedReadiness implements HealthCheck {
    private static final String NAME = "event log feed";

    private final Engines engines;

    FeedReadiness(Engines engines) {
        this.engines = engines;
    }

    @Override
    public HealthCheckResponse call() {
        return engines.redis().map(FeedReadiness::of).orElseGet(() -> HealthCheckResponse.up(NAME));
    }

    private static HealthCheckResponse of(RedisEngine redis) {
        return HealthCheckResponse.named(NAME)
                .status(redis.isHearing())
                .withData("millisSinceLastHeard", redis.sinceLastHeard().toMillis())
                .build();
    }
}
