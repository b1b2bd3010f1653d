package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Position;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MpscArrayQueue;

/**
 * The part of the hub that belongs to one event loop.
 *
 * <p>Any thread may {@link #offer} and {@link #doubt}; all other methods run on the loop. At most one wake-up is under way,
 * whatever the number of offered entries. The lane then takes all waiting entries. After a turn it rests as long as the
 * turn took, or several times as long if the turn took many entries and none is left. The loop gets time for its other
 * work, such as publishing, and under load each write carries many entries. A lane with little work pushes at once. The
 * inbox is bounded: an entry that does not fit is dropped, and its channel is read from the log.
 */
final class Lane {
    private static final int DELIVERIES_PER_TURN = 1024;
    private static final int RETRY_MILLIS = 500;
    private static final int MANY_DELIVERIES = 8;
    private static final int REST_AFTER_MANY = 3;
    private static final long MAX_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final LaneParts parts;
    private final EventLoop loop;
    private final MpscArrayQueue<Delivery> inbox;
    private final AtomicBoolean isAwake = new AtomicBoolean();
    /** Channels with an entry that did not fit into the inbox. Any thread adds, the loop removes. */
    private final Set<Channel> overflowed = ConcurrentHashMap.newKeySet();

    private final Map<Channel, Listeners> listeners = new HashMap<>();
    private final List<Listeners> touched = new ArrayList<>();
    private final List<Outlet> dirty = new ArrayList<>();
    private long restsUntilNanos = System.nanoTime();

    Lane(LaneParts parts, EventLoop loop) {
        this.parts = parts;
        this.loop = loop;
        this.inbox = new MpscArrayQueue<>(parts.config().laneQueueEntries());
    }

    /** Takes an announced entry and wakes the lane. */
    void offer(Delivery delivery) {
        if (!inbox.offer(delivery)) {
            overflowed.add(delivery.entry().channel());
        }
        if (!isAwake.get() && isAwake.compareAndSet(false, true)) {
            loop.execute(this::takeTurn);
        }
    }

    /** Compares every channel's tail with the log. */
    void doubt() {
        loop.execute(() -> List.copyOf(listeners.values()).forEach(Listeners::resync));
    }

    private void takeTurn() {
        long start = System.nanoTime();
        long rest = restsUntilNanos - start;
        if (rest > 0) {
            loop.schedule(this::takeTurn, rest, TimeUnit.NANOSECONDS);
            return;
        }
        isAwake.set(false);
        int taken = 0;
        Delivery oldest = null;
        Delivery delivery;
        while (taken < DELIVERIES_PER_TURN && (delivery = inbox.poll()) != null) {
            taken++;
            oldest = oldest == null ? delivery : oldest;
            Listeners listening = listeners.get(delivery.entry().channel());
            if (listening != null && listening.accept(delivery)) {
                touched.add(listening);
            }
        }
        touched.forEach(Listeners::push);
        touched.clear();
        boolean isWritten = !dirty.isEmpty();
        dirty.forEach(Outlet::flush);
        dirty.clear();
        resyncOverflowed();
        long end = System.nanoTime();
        rest(taken, start, end);
        if (isWritten && oldest != null) {
            parts.metrics().onTurn(end - oldest.heardNanos(), end - start);
        }
        if (!inbox.isEmpty() && isAwake.compareAndSet(false, true)) {
            loop.execute(this::takeTurn);
        }
    }

    private void resyncOverflowed() {
        for (Iterator<Channel> each = overflowed.iterator(); each.hasNext(); ) {
            Listeners listening = listeners.get(each.next());
            each.remove();
            if (listening != null) {
                listening.resync();
            }
        }
    }

    // docs/decisions.md: A lane rests as long as it worked, and longer after a large turn
    private void rest(int taken, long start, long end) {
        long worked = end - start;
        boolean isLong = taken >= MANY_DELIVERIES && taken < DELIVERIES_PER_TURN;
        restsUntilNanos = end + Math.min(isLong ? REST_AFTER_MANY * worked : worked, MAX_REST_NANOS);
    }

    /** Flushes an outlet at the end of the turn. */
    void flushLater(Outlet outlet) {
        dirty.add(outlet);
    }

    Optional<Position> tail(Channel channel) {
        Listeners listening = listeners.get(channel);
        if (listening == null) {
            return Optional.empty();
        }
        listening.touch();
        return listening.liveTail();
    }

    Listeners listeners(Channel channel) {
        return listeners.computeIfAbsent(channel, name -> new Listeners(this, name));
    }

    void remove(Channel channel) {
        listeners.remove(channel);
        parts.audiences().leave(channel, this);
    }

    /** Runs a step again after a failure, on the loop, with jitter. */
    void later(Runnable step) {
        after(RETRY_MILLIS + ThreadLocalRandom.current().nextInt(RETRY_MILLIS), step);
    }

    void after(long millis, Runnable step) {
        loop.schedule(step, millis, TimeUnit.MILLISECONDS);
    }

    LaneParts parts() {
        return parts;
    }

    EventLoop loop() {
        return loop;
    }
}
