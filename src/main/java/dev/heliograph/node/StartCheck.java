package dev.heliograph.node;

import dev.heliograph.access.ListenAddress;
import dev.heliograph.event.Catalogue;
import dev.heliograph.log.EventLog;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Refuses to start with a configuration that cannot be meant, and says what this node is once it can. */
final class StartCheck {
    private static final Logger LOG = Logger.getLogger(StartCheck.class);

    void check(
            @Observes StartupEvent start,
            HeliographConfig config,
            VertxHttpConfig http,
            Catalogue catalogue,
            EventLog log) {
        ListenAddress.require(http.host(), config.access().anonymous());
        LOG.infof(
                "Heliograph serves %d namespaces from the %s",
                catalogue.namespaces().size(), log.getClass().getSimpleName());
    }
}
