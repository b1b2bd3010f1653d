package dev.heliograph.node;

import dev.heliograph.session.Draining;
import dev.heliograph.session.SessionConfig;
import io.quarkus.logging.Log;
import io.quarkus.runtime.RuntimeValue;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.shutdown.ShutdownConfig;
import io.quarkus.runtime.shutdown.ShutdownRecorder;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The drain of this node, which begins once: by SIGTERM, or before that by a call on the management port. From then on the node
 * is not ready, takes no new clients, and sends those that it has to other nodes. It ends only by SIGTERM. Any thread may call.
 */
@Singleton
final class Drain {
    private static final String PATH = "/q/drain";
    private static final int ACCEPTED = 202;

    private final Event<Draining> draining;
    private final SessionConfig session;
    private final ShutdownConfig shutdown;
    private final AtomicBoolean begun = new AtomicBoolean();

    Drain(Event<Draining> draining, SessionConfig session, ShutdownConfig shutdown) {
        this.draining = draining;
        this.session = session;
        this.shutdown = shutdown;
    }

    /** Only where health and metrics have a port of their own: clients must not end each other's connections. */
    void register(@Observes ManagementInterface management) {
        // docs/decisions.md: A node is also drained by GET
        management
                .router()
                .route(PATH)
                .method(HttpMethod.GET)
                .method(HttpMethod.POST)
                .handler(this::answer);
    }

    private void answer(RoutingContext context) {
        if (begin()) {
            // docs/decisions.md: The time of a drain counts towards the delay of the stop
            new ShutdownRecorder(new RuntimeValue<>(new RestOfDelay(shutdown, System.nanoTime())));
        }
        context.response().setStatusCode(ACCEPTED).end();
    }

    void stop(@Observes ShutdownDelayInitiatedEvent stop) {
        begin();
    }

    boolean hasBegun() {
        return begun.get();
    }

    /** @return false if it had begun before */
    private boolean begin() {
        boolean isFirst = !begun.getAndSet(true);
        if (isFirst) {
            Log.infof("This node drains, its clients are told to move to other nodes within %s", session.drainWindow());
            draining.fire(new Draining());
        }
        return isFirst;
    }

    /** @param beganAt {@link System#nanoTime} of the beginning of the drain */
    private record RestOfDelay(ShutdownConfig all, long beganAt) implements ShutdownConfig {
        @Override
        public Optional<Duration> timeout() {
            return all.timeout();
        }

        @Override
        public Optional<Duration> delay() {
            return all.delay().map(delay -> rest(delay, Duration.ofNanos(System.nanoTime() - beganAt)));
        }
    }

    static Duration rest(Duration delay, Duration sinceBegin) {
        Duration rest = delay.minus(sinceBegin);
        return rest.isNegative() ? Duration.ZERO : rest;
    }
}
