package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.event.SlowClientPolicy;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.History;
import dev.heliograph.log.LogTimeout;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One client's interest in one channel. Belongs to the event loop of the client's outlet.
 *
 * <pre>
 *            start             read to the top             at the tail
 *   (new) ----------> READING ----------------> settling ---------------> LIVE
 *                        ^                         |  before the tail        |
 *            writable    |<------------------------+                         | socket full
 *        BEHIND ---------+                         | after the tail          |
 *          ^                                       +---> AHEAD (waits)       |
 *          +-----------------------------------------------------------------+
 * </pre>
 *
 * In every state but LIVE it knows its own position and is served from the log, a page at a time and only while its socket
 * takes more: memory does not grow with its slowness.
 */
public final class Subscription {
    private enum State {
        NEW,
        READING,
        BEHIND,
        AHEAD_OR_LIVE,
        ENDED
    }

    private static final Duration START_TIMEOUT = Duration.ofSeconds(5);
    private static final int CONFLATED_PAGE_ENTRIES = 1000;
    private static final int MAX_WRITE_BYTES = 32 * 1024;

    private final Lane lane;
    private final Channel channel;
    private final Filter filter;
    private final Subscriber subscriber;
    private final Namespace namespace;
    private State state = State.NEW;
    private Listeners listeners;
    private Position position;
    private UniEmitter<? super Position> starting;
    private boolean isLive;
    private boolean wasBehind;
    private int timesBehind;

    Subscription(Lane lane, Channel channel, Filter filter, Subscriber subscriber) {
        this.lane = lane;
        this.channel = channel;
        this.filter = filter;
        this.subscriber = subscriber;
        this.namespace = lane.hub().namespaceOf(channel);
    }

    /**
     * Begins to listen. To be called once, on the event loop.
     *
     * @param after the last position that the client has; null: start with what comes next
     * @return the position after which entries follow, emitted on the loop; directly after that, the sync and the entries
     *     are written. Fails with {@code log-timeout} or {@code log-unavailable}, or with {@code not-subscribed} if it is
     *     {@linkplain #end ended} before; the subscription has then ended.
     */
    public Uni<Position> start(Position after) {
        return Uni.createFrom().emitter(emitter -> begin(after, emitter));
    }

    private void begin(Position after, UniEmitter<? super Position> emitter) {
        starting = emitter;
        position = after;
        listeners = lane.listeners(channel);
        listeners.enter();
        lane.hub().metrics().onStart();
        state = State.READING;
        Uni<Void> followed = lane.hub().enter(channel, lane);
        Optional<Position> tail = listeners.liveTail();
        if (tail.isPresent() && (after == null || after.equals(tail.get()))) {
            onPage(new History(tail.get(), Optional.empty(), List.of(), tail.get()));
            return;
        }
        followed.ifNoItem()
                .after(START_TIMEOUT)
                .failWith(LogTimeout::ofFeed)
                .emitOn(lane.loop()::execute)
                .subscribe()
                .with(done -> read(), this::onReadFailed);
    }

    /** Ends it; nothing is written for it any more. On the loop; ending twice is ending once. */
    public void end() {
        if (state != State.ENDED && state != State.NEW) {
            state = State.ENDED;
            listeners.leave(this);
            lane.hub().metrics().onEnd();
            refuseStart(ProblemException.inField(
                    ProblemType.NOT_SUBSCRIBED, "channel", channel, "a channel that is not left before it is joined"));
        }
    }

    /** Ends it, and has the client told. */
    void fail() {
        end();
        subscriber.onFailed(channel);
    }

    /** Up to where everything was written that was to be; null before it has started. On the loop. */
    public Position servedUpTo() {
        if (starting != null) {
            return null;
        }
        return isLive ? listeners.tail() : position;
    }

    /** Asks for the next page after the position. */
    void read() {
        if (state == State.ENDED) {
            return;
        }
        state = State.READING;
        int limit =
                isConflating() ? CONFLATED_PAGE_ENTRIES : lane.hub().config().pageEntries();
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

    void onPage(History page) {
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
        boolean isServed = isConflating() ? replayConflated(page) : write(page.entries());
        outlet().flush();
        if (!isServed) {
            waitForSocket();
        } else if (page.reachesTop()) {
            state = State.AHEAD_OR_LIVE;
            subscriber.onCaughtUp(channel);
            listeners.settle(this);
        } else {
            read();
        }
    }

    /** Writes entries that were held; false if the socket did not take them all and the subscription waits for it. */
    boolean replay(List<Delivery> missing) {
        boolean isServed = write(missing.stream().map(Delivery::entry).toList());
        outlet().flush();
        if (!isServed) {
            waitForSocket();
        }
        return isServed;
    }

    private boolean replayConflated(History page) {
        // First, so that nothing is dropped for what the client does not want.
        List<Entry> wanted = page.entries().stream().filter(filter::passes).toList();
        List<Entry> newest = Conflation.newestOfEachKey(wanted, namespace.conflateKey());
        if (newest.size() < wanted.size()) {
            sync(Optional.of(new Gap(position, page.end(), Gap.Reason.CONFLATED)), position);
        }
        boolean isServed = write(newest);
        if (isServed) {
            position = page.end();
        }
        return isServed;
    }

    /** Writes entries while the socket takes them and moves the position along; true if it took all. */
    private boolean write(List<Entry> entries) {
        var frames = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            if (!outlet().isWritable()) {
                return false;
            }
            if (filter.passes(entry)) {
                frames.writeBytes(format().event(entry));
                lane.hub().metrics().onDelivered(1);
            }
            position = entry.position();
            if (frames.size() >= MAX_WRITE_BYTES) {
                writeOut(frames);
            }
        }
        writeOut(frames);
        return true;
    }

    private void writeOut(ByteArrayOutputStream frames) {
        if (frames.size() > 0) {
            outlet().write(outlet().buffer(frames.size()).writeBytes(frames.toByteArray()));
            frames.reset();
        }
    }

    void sync(Optional<Gap> gap, Position from) {
        gap.ifPresent(lane.hub().metrics()::onGap);
        byte[] frame = format().sync(channel, gap, from);
        outlet().write(outlet().buffer(frame.length).writeBytes(frame));
    }

    void onLive() {
        state = State.AHEAD_OR_LIVE;
        isLive = true;
        wasBehind = false;
    }

    /** The socket is full: stop pushing, go on from here when it is writable again. */
    void fallBehind(Position servedUpTo) {
        position = servedUpTo;
        isLive = false;
        wasBehind = true;
        timesBehind++;
        lane.hub().metrics().onSlow();
        outlet().flush();
        waitForSocket();
        if (namespace.slowClients() == SlowClientPolicy.DISCONNECT) {
            int thisTime = timesBehind;
            lane.after(lane.hub().config().slowClientGrace().toMillis(), () -> {
                if (wasBehind && timesBehind == thisTime && state != State.ENDED) {
                    subscriber.onTooSlow(channel);
                }
            });
        }
    }

    private void waitForSocket() {
        state = State.BEHIND;
        listeners.pause(this);
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

    Position position() {
        return position;
    }

    Outlet outlet() {
        return subscriber.outlet();
    }

    WireFormat format() {
        return subscriber.format();
    }

    Filter filter() {
        return filter;
    }
}
