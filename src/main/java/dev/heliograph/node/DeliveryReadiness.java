package dev.heliograph.node;

import dev.heliograph.log.redis.RedisEngine;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while events may not reach the clients of this node, even if every socket is open. */
@Readiness
@Singleton
final class DeliveryReadiness implements HealthCheck {
    private static final String NAME = "event delivery";

    private static final Optional<String> FEED_FAULT =
            Optional.of("there is no connection to Redis for the feed, or nothing is heard over it");

    private final Engines engines;
    private final DeliveryProbe probe;

    DeliveryReadiness(Engines engines, DeliveryProbe probe) {
        this.engines = engines;
        this.probe = probe;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named(NAME);
        probe.age().ifPresent(age -> response.withData("probeAgeMillis", age.toMillis()));
        engines.redis()
                .ifPresent(redis -> response.withData(
                        "millisSinceLastHeard", redis.sinceLastHeard().toMillis()));
        boolean isHearing = engines.redis().map(RedisEngine::isHearing).orElse(true);
        return (isHearing ? probe.fault() : FEED_FAULT)
                .map(reason -> response.down().withData("reason", reason))
                .orElseGet(response::up)
                .build();
    }
}
