package dev.heliograph.node;

import dev.heliograph.event.Catalogue;
import dev.heliograph.log.redis.RedisGuard;
import dev.heliograph.log.redis.RedisSubscriber;
import io.quarkus.logging.Log;
import io.quarkus.redis.runtime.client.config.RedisConfig;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.smallrye.faulttolerance.runtime.config.SmallRyeFaultToleranceConfig;
import io.quarkus.smallrye.faulttolerance.runtime.config.SmallRyeFaultToleranceConfig.StrategiesConfig;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Refuses to start with a contradictory configuration. Otherwise logs the namespaces and the engine of this node. */
final class StartCheck {
    private static final String AUTO_FAILOVER = "quarkus.redis.auto-failover";
    private static final String SHUTDOWN_DELAY = "quarkus.shutdown.delay";
    private static final Duration LEAST_INTERVAL = Duration.ofSeconds(1);

    void check(
            @Observes StartupEvent start,
            HeliographConfig config,
            VertxHttpConfig http,
            SmallRyeFaultToleranceConfig guards,
            RedisConfig redis,
            @ConfigProperty(name = SHUTDOWN_DELAY, defaultValue = "0s") Duration shutdownDelay,
            @ConfigProperty(name = AUTO_FAILOVER, defaultValue = "false") boolean hidesFailover,
            Catalogue catalogue,
            Engines engines) {
        ListenAddress.require(
                http.host(), config.access().anonymous() || config.access().hasKeys());
        requireInTime(
                "heliograph.session.heartbeat-interval", config.session().heartbeatInterval(), http.idleTimeout());
        requireInTime("heliograph.session.ping-interval", config.session().pingInterval(), http.idleTimeout());
        requireBeforeEnd(config.session().drainWindow(), shutdownDelay);
        boolean isInRedis = engines.redis().isPresent();
        if (isInRedis) {
            refuseAutoFailover(hidesFailover);
            requireHeard(
                    "heliograph.redis.probe-interval",
                    config.redis().probeInterval(),
                    RedisSubscriber.longestSilence(config.redis()),
                    idleTimeout(redis));
            for (String method : List.of("read", "write")) {
                String guard = RedisGuard.class.getName() + '/' + method;
                tryTimeout(guards, guard)
                        .ifPresent(timeout ->
                                requireLonger(guard, timeout, config.redis().timeout()));
            }
            String writes = RedisGuard.class.getName() + "/write";
            tryTimeout(guards, writes).ifPresent(timeout -> maxDuration(guards, writes)
                    .ifPresent(maxDuration -> requireTriesEnd(writes, maxDuration, timeout)));
        }
        Log.infof(
                "Heliograph serves %d namespaces, the event log is in %s",
                catalogue.namespaces().size(), isInRedis ? "Redis" : "the memory of this process");
    }

    /**
     * @param key of the interval between writes to a silent connection
     * @param idleTimeout after which the HTTP server closes an idle connection; zero: never
     */
    static void requireInTime(String key, Duration interval, Duration idleTimeout) {
        boolean isInTime = idleTimeout.isZero() || interval.compareTo(idleTimeout) < 0;
        if (interval.compareTo(LEAST_INTERVAL) < 0 || !isInTime) {
            throw new IllegalStateException(key + " is " + interval + ", expected at least " + LEAST_INTERVAL
                    + " and less than quarkus.http.idle-timeout, which is " + idleTimeout);
        }
    }

    /** After the delay the connections are cut without a word. */
    static void requireBeforeEnd(Duration drainWindow, Duration shutdownDelay) {
        if (drainWindow.isNegative() || (!drainWindow.isZero() && drainWindow.compareTo(shutdownDelay) >= 0)) {
            throw new IllegalStateException("heliograph.session.drain-window is " + drainWindow
                    + ", expected 0, or less than " + SHUTDOWN_DELAY + ", which is " + shutdownDelay);
        }
    }

    /** Otherwise the connection moves unseen to another Redis, which may give the positions of the former one again. */
    static void refuseAutoFailover(boolean hidesFailover) {
        if (hidesFailover) {
            throw new IllegalStateException(
                    AUTO_FAILOVER + " is true, expected false: the gateway makes lost connections anew by itself");
        }
    }

    /**
     * Otherwise a connection that only listens is closed while it is quiet. Each time the feed reports a doubt, and raw
     * messages are lost.
     *
     * @param key of the interval between probes of a quiet connection
     * @param longestSilence until a probe comes back that was sent in time
     * @param idleTimeout after which an idle connection to Redis is closed; zero: never
     */
    static void requireHeard(String key, Duration interval, Duration longestSilence, Duration idleTimeout) {
        if (!idleTimeout.isZero() && longestSilence.compareTo(idleTimeout) >= 0) {
            throw new IllegalStateException(key + " is " + interval
                    + ", so with heliograph.redis.timeout nothing may be heard for " + longestSilence
                    + ", expected less than quarkus.redis.tcp.idle-timeout, which is " + idleTimeout);
        }
    }

    /** An attempt that ends before the command's timeout would leave a dead connection in use. */
    static void requireLonger(String guard, Duration tryTimeout, Duration commandTimeout) {
        if (tryTimeout.compareTo(commandTimeout) <= 0) {
            throw new IllegalStateException("quarkus.fault-tolerance.\"" + guard + "\".timeout.value is " + tryTimeout
                    + ", expected more than heliograph.redis.timeout, which is " + commandTimeout);
        }
    }

    /**
     * A retry would append twice if the log has already forgotten the first attempt.
     *
     * @param maxDuration after which no new attempt begins; zero: never
     */
    static void requireTriesEnd(String guard, Duration maxDuration, Duration tryTimeout) {
        Duration longest = RedisGuard.TRIES_WINDOW;
        if (maxDuration.isZero() || maxDuration.plus(tryTimeout).compareTo(longest) >= 0) {
            String prefix = "quarkus.fault-tolerance.\"" + guard + "\".";
            throw new IllegalStateException(prefix + "retry.max-duration is " + maxDuration + " and " + prefix
                    + "timeout.value is " + tryTimeout + ", expected a limit (not 0), and less than " + longest
                    + " in sum: for that long a try is known again");
        }
    }

    private static Duration idleTimeout(RedisConfig redis) {
        // The client gets whole seconds.
        return redis.clients()
                .get(RedisConfig.DEFAULT_CLIENT_NAME)
                .tcp()
                .idleTimeout()
                .map(timeout -> timeout.truncatedTo(ChronoUnit.SECONDS))
                .orElse(Duration.ZERO);
    }

    private static Optional<Duration> tryTimeout(SmallRyeFaultToleranceConfig guards, String guard) {
        return Optional.ofNullable(guards.strategies().get(guard))
                .flatMap(StrategiesConfig::timeout)
                .filter(timeout -> timeout.value().isPresent())
                .map(timeout ->
                        Duration.of(timeout.value().getAsLong(), timeout.unit().orElse(ChronoUnit.MILLIS)));
    }

    private static Optional<Duration> maxDuration(SmallRyeFaultToleranceConfig guards, String guard) {
        return Optional.ofNullable(guards.strategies().get(guard))
                .flatMap(StrategiesConfig::retry)
                .filter(retry -> retry.maxDuration().isPresent())
                .map(retry -> Duration.of(
                        retry.maxDuration().getAsLong(), retry.maxDurationUnit().orElse(ChronoUnit.MILLIS)));
    }
}
