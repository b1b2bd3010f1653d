package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.Subscription.State;
import dev.heliograph.log.Gap;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import io.quarkus.logging.Log;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All subscriptions to one channel on one lane. Belongs to the lane's event loop.
 *
 * <p>Writes the entries that the {@link Tail} accepts to the live subscriptions, and reads the log for it during a resync.
 * The other subscriptions read the log themselves and {@linkplain #join join}. Every live subscription gets a gap that the
 * log cannot fill.
 */
final class Listeners {
    private static final int DOUBT_AHEAD_MILLIS = 1000;

    private final Lane lane;
    private final LaneParts parts;
    private final HubMetrics metrics;
    private final Channel channel;
    private final Tail tail = new Tail();
    /** The live subscriptions. */
    private final List<Group> groups = new ArrayList<>(1);
    /** The subscriptions that read the log, or wait for the tail: entries announced meanwhile are held for them. */
    private final Set<Subscription> joining = new LinkedHashSet<>();

    private final SharedReads reads;
    private final Linger linger;
    private int size;
    private boolean isGone;

    Listeners(Lane lane, Channel channel) {
        this.lane = lane;
        this.parts = lane.parts();
        this.metrics = parts.metricsOf(channel);
        this.channel = channel;
        this.reads = new SharedReads(lane, channel, this::releaseHeld);
        this.linger = new Linger(lane, this::endUnlessUsed);
    }

    /** The position up to which every live subscription was served; null before the first one is live. */
    Position tail() {
        return tail.served();
    }

    /**
     * The position at which a new subscription is live at once; empty if it has to read the log first. Without a trusted
     * feed the tail may be out of date.
     */
    Optional<Position> liveTail() {
        return parts.feed().isTrusted() ? tail.live() : Optional.empty();
    }

    /** Keeps the channel followed as if a listener had just left. */
    void touch() {
        linger.renew();
    }

    private void endUnlessUsed() {
        if (size == 0) {
            isGone = true;
            lane.remove(channel);
        }
    }

    /** Must be called when a subscription's state has changed. */
    void onState(Subscription subscription, State former, State state) {
        if (former == State.NEW) {
            size++;
        }
        if (state.isJoining) {
            joining.add(subscription);
        } else {
            joining.remove(subscription);
        }
        if (state == State.LIVE) {
            groupOf(subscription).add(subscription);
        } else if (former == State.LIVE && state == State.ENDED) {
            groups.forEach(group -> group.remove(subscription));
            groups.removeIf(Group::isEmpty);
        }
        releaseHeld();
        if (state == State.ENDED && --size == 0) {
            linger.renew();
        }
    }

    /** Whether a subscription that is not live may still need announced entries. */
    private boolean isAwaited() {
        return !joining.isEmpty() || !reads.isEmpty();
    }

    private void releaseHeld() {
        tail.release(isAwaited());
    }

    private Group groupOf(Subscription subscription) {
        Outlet outlet = subscription.outlet();
        for (Group group : groups) {
            if (group.isFor(outlet.format(), subscription.filter())) {
                return group;
            }
        }
        var group = new Group(lane, metrics, outlet.format(), subscription.filter());
        groups.add(group);
        return group;
    }

    /**
     * Takes an announced entry.
     *
     * @return true if {@link #push} is now due and was not before
     */
    boolean accept(Delivery delivery) {
        Tail.Taken taken = tail.take(delivery, isAwaited());
        if (taken == Tail.Taken.HOLE) {
            push();
            tail.hold(delivery);
            resync();
        }
        return taken == Tail.Taken.PUSH_DUE;
    }

    /** Writes the pending entries to all live subscriptions. */
    void push() {
        if (!tail.hasPending()) {
            return;
        }
        while (tail.hasPending()) {
            Position before = tail.served();
            List<Delivery> chunk = tail.nextChunk();
            for (Group group : groups) {
                for (Subscription slow : group.push(chunk)) {
                    slow.fallBehind(before);
                }
            }
            groups.removeIf(Group::isEmpty);
        }
        joinAgain();
    }

    /** Reads the log from the tail, after a hole or a doubt. */
    void resync() {
        if (tail.beginResync()) {
            metrics.onResync();
            readToResync();
        }
    }

    private void readToResync() {
        if (isGone) {
            return;
        }
        parts.log()
                .since(channel, tail.served(), parts.config().pageEntries())
                .subscribe()
                .with(page -> lane.loop().execute(() -> onResyncPage(page)), failure -> {
                    Log.debugf(failure, "Cannot resync a channel, will try again [%s]", channel);
                    lane.later(this::readToResync);
                });
    }

    private void onResyncPage(History page) {
        if (isGone) {
            return;
        }
        page.gap().ifPresent(this::tellGap);
        tail.resume(page);
        push();
        if (page.reachesTop()) {
            tail.endResync();
            push();
            resyncIfDoubtful();
            joinAgain();
            releaseHeld();
        } else {
            readToResync();
        }
        flush();
    }

    private void tellGap(Gap gap) {
        for (Group group : groups) {
            for (Subscription member : group.members()) {
                member.sync(Optional.of(gap), gap.to());
            }
        }
    }

    private void resyncIfDoubtful() {
        if (tail.isDoubtful()) {
            resync();
        }
    }

    /** Reads a page for a subscription. */
    void read(Subscription subscription, Position after, int limit) {
        reads.read(subscription, after, limit);
    }

    /** Decides the next step of a subscription that has read the log up to its top. */
    void join(Subscription subscription) {
        go(subscription, tail.join(subscription.position()));
    }

    /** Lets the subscriptions that are ahead join, if the tail has reached them. */
    private void joinAgain() {
        if (joining.isEmpty()) {
            return;
        }
        for (Subscription subscription : List.copyOf(joining)) {
            if (subscription.isAhead()) {
                Join next = tail.joinAgain(subscription.position());
                if (!(next instanceof Join.Ahead)) {
                    go(subscription, next);
                }
            }
        }
    }

    private void go(Subscription subscription, Join next) {
        subscription.go(next);
        resyncIfDoubtful();
        if (next instanceof Join.Ahead ahead) {
            if (ahead.isOtherEpoch()) {
                resync();
            } else {
                resyncIfStillAhead(subscription);
            }
        }
    }

    /**
     * The entries between the tail and the subscription should have come by then. Otherwise their announcements are lost.
     */
    private void resyncIfStillAhead(Subscription subscription) {
        lane.after(DOUBT_AHEAD_MILLIS, () -> {
            if (subscription.isAhead()) {
                resync();
            }
        });
    }

    private void flush() {
        groups.forEach(
                group -> group.members().forEach(member -> member.outlet().flush()));
    }
}
