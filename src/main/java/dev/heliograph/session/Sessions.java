package dev.heliograph.session;

import dev.heliograph.access.AccessConfig;
import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.hub.Hub;
import dev.heliograph.hub.Outlet;
import dev.heliograph.log.DocumentLog;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Opens sessions. Any thread may call. */
@Singleton
public final class Sessions {
    private final Hub hub;
    private final Catalogue catalogue;
    private final SessionConfig config;
    private final DocumentLog documents;
    private final boolean asksCallers;
    private final Clock clock;
    private final Requests.Refusals refusals;

    @Inject
    Sessions(
            Hub hub,
            Catalogue catalogue,
            SessionConfig config,
            DocumentLog documents,
            AccessConfig access,
            MeterRegistry metrics) {
        this(hub, catalogue, config, documents, access.hasKeys(), Clock.systemUTC(), metrics);
    }

    Sessions(
            Hub hub,
            Catalogue catalogue,
            SessionConfig config,
            DocumentLog documents,
            boolean asksCallers,
            Clock clock,
            MeterRegistry metrics) {
        this.hub = hub;
        this.catalogue = catalogue;
        this.config = config;
        this.documents = documents;
        this.asksCallers = asksCallers;
        this.clock = clock;
        this.refusals = new Requests.Refusals(metrics);
    }

    /** On the outlet's event loop. */
    public Session open(Caller caller, Outlet outlet, Session.Client client) {
        return new Session(this, caller, outlet, client);
    }

    /** Whether clients are asked who they are. */
    public boolean asksCallers() {
        return asksCallers;
    }

    Clock clock() {
        return clock;
    }

    Requests.Refusals refusals() {
        return refusals;
    }

    Hub hub() {
        return hub;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    DocumentLog documents() {
        return documents;
    }

    SessionConfig config() {
        return config;
    }
}
