package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.event.Namespace.SlowClientPolicy;
import dev.heliograph.hub.EntryWriter.Written;
import dev.heliograph.hub.Hub.Subscriber;
import dev.heliograph.log.Gap;
import dev.heliograph.log.History;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One client's interest in one channel. Belongs to the event loop of the client's outlet.
 *
 * <pre>
 *            start             read to the top
 *   NEW ------------> READING -----------------> join? -- at the tail ---> LIVE
 *                      ^ ^ ^                      | |                       |
 *                      | | +- before the tail ----+ +- ahead -> AHEAD       | socket full
 *             writable | |                                       | |        |
 *                      | +-------------- other epoch ------------+ |        |
 *                      |                                           +-> LIVE |
 *                    BEHIND <-----------------------------------------------+
 * </pre>
 *
 * and from all of them to ENDED. In every state but LIVE it knows its own position and is served from the log, a page at a
 * time and only while its socket takes more: memory does not grow with its slowness.
 */
public final class Subscription {
    enum State {
        NEW(false),
        READING(true),
        BEHIND(false),
        AHEAD(true),
        LIVE(false),
        ENDED(false);

        /** Whether live entries are held for it. */
        final boolean isJoining;

        State(boolean isJoining) {
            this.isJoining = isJoining;
        }
    }

    private static final Duration START_TIMEOUT = Duration.ofSeconds(5);
    private static final int CONFLATED_PAGE_ENTRIES = 1000;

    private final Lane lane;
    private final LaneParts parts;
    private final HubMetrics metrics;
    private final Channel channel;
    private final Namespace namespace;
    private final Filter filter;
    private final EntryWriter writer;
    private final Subscriber subscriber;
    private State state = State.NEW;
    private Listeners listeners;
    /** The position up to which it was served; has no meaning while it is live. */
    private Position position;

    private UniEmitter<? super Position> starting;
    private boolean wasBehind;
    private int timesBehind;

    Subscription(Lane lane, Channel channel, Namespace namespace, Filter filter, Subscriber subscriber) {
        this.lane = lane;
        this.parts = lane.parts();
        this.metrics = parts.metricsOf(channel);
        this.channel = channel;
        this.namespace = namespace;
        this.filter = filter;
        this.writer = new EntryWriter(subscriber.outlet(), filter, metrics);
        this.subscriber = subscriber;
    }

    private void become(State next) {
        State former = state;
        state = next;
        listeners.onState(this, former, next);
    }

    /**
     * Begins to listen. Must be called once, on the event loop.
     *
     * @param after the last position that the client has; null: start with the next entry
     * @return the position after which entries follow, emitted on the loop; the sync and the entries are written directly
     *     after that. Fails with {@code log-timeout} or {@code log-unavailable}, or with {@code not-subscribed} if it is
     *     {@linkplain #end ended} before; the subscription has then ended.
     */
    public Uni<Position> start(Position after) {
        return Uni.createFrom().emitter(emitter -> begin(after, emitter));
    }

    private void begin(Position after, UniEmitter<? super Position> emitter) {
        starting = emitter;
        position = after;
        listeners = lane.listeners(channel);
        become(State.READING);
        metrics.onStart();
        Uni<Void> followed = parts.audiences().enter(channel, lane);
        Optional<Position> tail = listeners.liveTail();
        if (tail.isPresent() && (after == null || after.equals(tail.get()))) {
            onPage(new History(tail.get(), Optional.empty(), List.of(), tail.get()), List.of());
            return;
        }
        followed.ifNoItem()
                .after(START_TIMEOUT)
                .failWith(LogTimeout::ofFeed)
                .emitOn(lane.loop()::execute)
                .subscribe()
                .with(done -> read(), this::onReadFailed);
    }

    /** Ends it; nothing is written for it any more. On the loop. A second call does nothing. */
    public void end() {
        if (state != State.ENDED && state != State.NEW) {
            become(State.ENDED);
            metrics.onEnd();
            refuseStart(ProblemException.inField(
                    ProblemType.NOT_SUBSCRIBED, "channel", channel, "a channel that is not left before it is joined"));
        }
    }

    /** Ends it, and tells the client. */
    void fail() {
        end();
        subscriber.onFailed(channel);
    }

    /** The position up to which all wanted entries were written; null before it has started. On the loop. */
    public Position servedUpTo() {
        if (starting != null) {
            return null;
        }
        return state == State.LIVE ? listeners.tail() : position;
    }

    /** Asks for the next page after the position. */
    void read() {
        if (state == State.ENDED) {
            return;
        }
        if (state != State.READING) {
            become(State.READING);
        }
        int limit = isConflating() ? CONFLATED_PAGE_ENTRIES : parts.config().pageEntries();
        listeners.read(this, position, limit);
    }

    void onReadFailed(Throwable failure) {
        if (state != State.READING) {
            return;
        }
        if (starting == null) {
            lane.later(this::read);
            return;
        }
        refuseStart(failure);
        end();
    }

    private void refuseStart(Throwable failure) {
        if (starting != null) {
            UniEmitter<? super Position> refused = starting;
            starting = null;
            refused.fail(failure);
        }
    }

    /** @param deliveries the entries of the page, shared with others */
    void onPage(History page, List<Delivery> deliveries) {
        if (state != State.READING) {
            return;
        }
        if (starting != null) {
            UniEmitter<? super Position> started = starting;
            starting = null;
            started.complete(page.start());
            if (state == State.ENDED) {
                return;
            }
            sync(page.gap(), page.start());
        } else if (page.gap().isPresent()) {
            sync(page.gap(), page.start());
        }
        position = page.start();
        goOn(
                isConflating()
                        ? writer.writeConflated(
                                page, namespace.conflateKey(), gap -> sync(Optional.of(gap), gap.from()))
                        : writer.write(deliveries, page.start()),
                page.reachesTop() ? this::join : this::read);
    }

    /** Goes on at once if all was written, otherwise when the socket takes more. */
    private void goOn(Written written, Runnable next) {
        position = written.upTo();
        outlet().flush();
        if (written.isWhole()) {
            next.run();
        } else {
            waitForSocket();
        }
    }

    private void join() {
        subscriber.onCaughtUp(channel);
        listeners.join(this);
    }

    /** Takes the step that {@link Tail#join} decided. */
    void go(Join next) {
        if (next instanceof Join.Live) {
            goLive();
        } else if (next instanceof Join.Replay replay) {
            goOn(writer.write(replay.missing(), position), this::goLive);
        } else if (next instanceof Join.Ahead) {
            become(State.AHEAD);
        } else if (next instanceof Join.ReadOn) {
            read();
        } else {
            throw new AssertionError(next);
        }
    }

    private void goLive() {
        wasBehind = false;
        become(State.LIVE);
    }

    void sync(Optional<Gap> gap, Position from) {
        gap.ifPresent(metrics::onGap);
        outlet().sync(channel, gap, from);
    }

    /** The socket is full: stop pushing, go on from here when it is writable again. */
    void fallBehind(Position servedUpTo) {
        position = servedUpTo;
        wasBehind = true;
        timesBehind++;
        metrics.onSlow();
        outlet().flush();
        waitForSocket();
        if (namespace.slowClients() == SlowClientPolicy.DISCONNECT) {
            int thisTime = timesBehind;
            lane.after(parts.config().slowClientGrace().toMillis(), () -> {
                if (wasBehind && timesBehind == thisTime && state != State.ENDED) {
                    subscriber.onTooSlow(channel);
                }
            });
        }
    }

    private void waitForSocket() {
        become(State.BEHIND);
        outlet().whenWritable(this::resume);
    }

    private void resume() {
        if (state == State.BEHIND) {
            read();
        }
    }

    private boolean isConflating() {
        return wasBehind && namespace.slowClients() == SlowClientPolicy.CONFLATE;
    }

    boolean isAhead() {
        return state == State.AHEAD;
    }

    Position position() {
        return position;
    }

    Outlet outlet() {
        return subscriber.outlet();
    }

    /** What is sent of the channel. */
    public Filter filter() {
        return filter;
    }
}
