package dev.heliograph.node;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while clients are sent to other nodes. */
@Readiness
@Singleton
final class DrainReadiness implements HealthCheck {
    private static final String NAME = "takes clients";

    private final Drain drain;

    DrainReadiness(Drain drain) {
        this.drain = drain;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named(NAME).status(!drain.hasBegun()).build();
    }
}
