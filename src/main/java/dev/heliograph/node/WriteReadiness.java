package dev.heliograph.node;

import dev.heliograph.log.redis.RedisEngine;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while Redis answers but refuses writes. */
@Readiness
@Singleton
final class WriteReadiness implements HealthCheck {
    private static final String NAME = "event log writes";

    private final Engines engines;

    WriteReadiness(Engines engines) {
        this.engines = engines;
    }

    @Override
    public HealthCheckResponse call() {
        return engines.redis()
                .flatMap(RedisEngine::refusal)
                .map(words -> HealthCheckResponse.named(NAME)
                        .down()
                        .withData("reason", words)
                        .build())
                .orElseGet(() -> HealthCheckResponse.up(NAME));
    }
}
