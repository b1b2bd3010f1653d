package dev.heliograph.node;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.heliograph.access.Connections;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import java.lang.management.ManagementFactory;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/** Logs the limits of this process at the start, and warns of each that is too low for the configuration. */
final class SelfCheck {
    private static final String MAX_CONNECTIONS = "heliograph.access.limits.max-connections";
    /** Of the source of defaults in code. */
    private static final int OF_DEFAULTS = Integer.MIN_VALUE;

    void tell(
            @Observes StartupEvent start,
            HeliographConfig config,
            Config sources,
            Connections connections,
            Engines engines,
            Vertx vertx) {
        var limits = new NodeLimits(
                openFiles(),
                Runtime.getRuntime().maxMemory(),
                Runtime.getRuntime().availableProcessors(),
                (int) StreamSupport.stream(vertx.nettyEventLoopGroup().spliterator(), false)
                        .count(),
                keptBytes(config, engines.redis().isPresent()),
                connections.most(),
                sources.getConfigValue(MAX_CONNECTIONS).getSourceOrdinal() != OF_DEFAULTS);
        Log.infof("The limits of this node: %s", limits.told());
        limits.faults().forEach(Log::warn);
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : -1;
    }

    private static long keptBytes(HeliographConfig config, boolean isInRedis) {
        return (isInRedis ? 0 : config.memory().maxBytes().asLongValue())
                + config.latest().cacheBytes().asLongValue()
                + config.documents().cacheBytes().asLongValue();
    }
}
