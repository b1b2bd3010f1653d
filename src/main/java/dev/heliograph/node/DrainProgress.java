package dev.heliograph.node;

import dev.heliograph.access.Connections;
import dev.heliograph.session.Draining;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The number of clients that a draining node still has, as a metric. There is none before it drains. */
@Singleton
final class DrainProgress {
    private final Connections connections;
    private volatile boolean isDraining;

    DrainProgress(Connections connections, MeterRegistry metrics) {
        this.connections = connections;
        Gauge.builder("heliograph_node_draining_connections", this, DrainProgress::left)
                .register(metrics);
    }

    void begin(@Observes Draining draining) {
        isDraining = true;
    }

    private long left() {
        return isDraining ? connections.open() : 0;
    }
}
