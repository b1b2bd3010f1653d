package dev.heliograph.node;

import dev.heliograph.log.redis.Refusal;
import dev.heliograph.log.redis.WriteRefusals;
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
        Refusal refusal = engines.redisParts()
                .map(RedisParts::refusals)
                .map(WriteRefusals::last)
                .orElse(null);
        return refusal == null
                ? HealthCheckResponse.up(NAME)
                : HealthCheckResponse.named(NAME)
                        .down()
                        .withData("reason", refusal.words())
                        .build();
    }
}
