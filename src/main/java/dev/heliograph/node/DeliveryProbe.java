package dev.heliograph.node;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Event;
import dev.heliograph.hub.Filter;
import dev.heliograph.hub.Hub;
import dev.heliograph.hub.Kind;
import dev.heliograph.hub.Subscription;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Feed;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.WithDefault;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proof that events are delivered: at each interval it appends an event to {@link Catalogue#PROBES}, and listens to that
 * channel as a client does. So a probe goes through the log, its announcement, the feed, and a lane of the hub. It counts as
 * heard when the feed has announced it and the lane has written it: an entry that a resync has read from the log proves no feed.
 *
 * <p>Its listener and its timer belong to one event loop. Any thread may ask.
 */
@Singleton
final class DeliveryProbe implements Feed.Listener {
    private static final Filter ALL = new Filter(Set.of(), Set.of(Kind.EVENTS));
    /** The node and the time of sending, in a payload. */
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]+)-([0-9]+)\"");

    private static final byte[] NO_DATA = {'{', '}'};
    private static final String AGE = "heliograph_node_probe_age";
    private static final String LAG = "heliograph_node_probe_lag";
    private static final Duration LEAST_LAG = Duration.ofMillis(1);
    private static final Duration MAX_LAG = Duration.ofSeconds(10);

    private final Hub hub;
    private final EventLog log;
    private final Duration interval;
    private final Duration patience;
    private final EventLoop loop;
    private final Timer lag;
    /** Tells the probes of this node from those of others. */
    private final String node = Event.newId();

    private final long startNanos = System.nanoTime();
    private final AtomicReference<Heard> heard = new AtomicReference<>(new Heard(0, 0));
    /** Of the newest append; null if it succeeded. */
    private volatile String refusal;
    /** Null while there is none. Belongs to the loop. */
    private Subscription listening;
    /** Belongs to the loop. */
    private boolean isFaultTold;

    private Future<?> timer;

    /**
     * When the newest probes were sent, in nanoseconds since the start.
     *
     * @param announced of those that came from the feed
     * @param written of those that came out of the hub
     */
    private record Heard(long announced, long written) {
        Heard announced(long sent) {
            return new Heard(Math.max(announced, sent), written);
        }

        Heard written(long sent) {
            return new Heard(announced, Math.max(written, sent));
        }

        long newest() {
            return Math.min(announced, written);
        }
    }

    DeliveryProbe(Engines engines, Hub hub, Feed feed, HeliographConfig config, Vertx vertx, MeterRegistry metrics) {
        this.hub = hub;
        this.log = engines.unretried();
        this.interval = config.delivery().probeInterval();
        this.patience = patience(interval, config.redis().timeout());
        this.loop = vertx.nettyEventLoopGroup().next();
        this.lag = Timer.builder(LAG)
                .publishPercentileHistogram()
                .minimumExpectedValue(LEAST_LAG)
                .maximumExpectedValue(MAX_LAG)
                .register(metrics);
        TimeGauge.builder(AGE, this, TimeUnit.NANOSECONDS, probe -> probe.age()
                        .map(Duration::toNanos)
                        .map(Long::doubleValue)
                        .orElse(Double.NaN))
                .register(metrics);
        feed.listen(this);
    }

    /** How old the newest probe may be: one may be lost. */
    static Duration patience(Duration interval, Duration timeout) {
        return interval.multipliedBy(2).plus(timeout);
    }

    void start(@Observes StartupEvent startup) {
        if (!interval.isZero()) {
            timer = loop.scheduleWithFixedDelay(this::tick, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    void stop(@Observes ShutdownEvent shutdown) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** The reason to expect that events are not delivered; empty if they are, or if there are no probes. */
    Optional<String> fault() {
        boolean isHeard = heard.get().newest() > 0;
        if (interval.isZero() || isHeard && !isLate()) {
            return Optional.empty();
        }
        String last = isHeard ? "for " + sinceNewest().toMillis() + " ms" : "since the start";
        return Optional.of("a probe was not heard " + last + ", expected one every " + interval.toMillis() + " ms"
                + (refusal == null ? "" : "; the log did not take the newest one: " + refusal));
    }

    /** The time since the newest probe that was heard was sent; since the start if none was heard; empty if there are none. */
    Optional<Duration> age() {
        return interval.isZero() ? Optional.empty() : Optional.of(sinceNewest());
    }

    private boolean isLate() {
        return sinceNewest().compareTo(patience) >= 0;
    }

    private Duration sinceNewest() {
        return Duration.ofNanos(now() - heard.get().newest());
    }

    @Override
    public void onEntry(Entry entry) {
        if (entry.channel().equals(Catalogue.PROBES)) {
            hear(entry.payload(), Heard::announced);
        }
    }

    /** The subscription is told by the hub. */
    @Override
    public void onDoubt() {}

    private void tick() {
        tellFault();
        if (listening == null) {
            listening = hub.subscription(
                    Catalogue.PROBES,
                    ALL,
                    new ProbeListener(loop, payload -> hear(payload, Heard::written), () -> listening = null));
            listening.start(null).subscribe().with(position -> send(), failure -> listening = null);
        } else {
            send();
        }
    }

    private void send() {
        var probe = new Event(node + "-" + now(), Catalogue.PROBES, Catalogue.PROBE_TYPE, Instant.now(), NO_DATA);
        log.append(probe, null)
                .subscribe()
                .with(accepted -> refusal = null, failure -> refusal = String.valueOf(failure.getMessage()));
    }

    /** @param to the step from a state to the next one, for the time at which a probe of this node was sent */
    private void hear(byte[] payload, BiFunction<Heard, Long, Heard> to) {
        Matcher id = ID.matcher(new String(payload, US_ASCII));
        if (!id.find() || !id.group(1).equals(node)) {
            return;
        }
        long sent = Long.parseLong(id.group(2));
        Heard before = heard.getAndUpdate(now -> to.apply(now, sent));
        Heard after = to.apply(before, sent);
        if (after.newest() > before.newest()) {
            lag.record(now() - after.newest(), TimeUnit.NANOSECONDS);
        }
    }

    private void tellFault() {
        if (isLate() != isFaultTold) {
            isFaultTold = !isFaultTold;
            fault().ifPresentOrElse(
                            reason -> Log.warnf(
                                    "Events may not be delivered, this node is not ready until they are [%s]", reason),
                            () -> Log.info("Events are delivered again"));
        }
    }

    private long now() {
        return System.nanoTime() - startNanos;
    }

    /** Options of the probes: {@code heliograph.delivery.*}. */
    public interface Config {
        /** How often this node proves that events are delivered; 1 to 30 seconds, zero: never. */
        @WithDefault("5s")
        Duration probeInterval();
    }
}
