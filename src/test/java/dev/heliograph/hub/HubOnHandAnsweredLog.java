package dev.heliograph.hub;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/** A hub with one event loop, on a log that answers when the test does. */
abstract class HubOnHandAnsweredLog extends ConnectedClients {
    final HandAnsweredLog log = new HandAnsweredLog();
    final Hub hub = new Hub(
            Events.catalogue(100),
            log,
            log,
            Events.config(Duration.ofMinutes(1), Duration.ofSeconds(1)),
            new SimpleMeterRegistry());

    HubOnHandAnsweredLog() {
        super(1);
    }
}
