package dev.heliograph.hub;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Gap;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * All subscriptions to one channel on one lane. Belongs to the lane's event loop.
 *
 * <p>The <i>tail</i> is the position up to which every live subscription has been served; it exists once the first one is
 * live. It moves in two ways only: by an announced entry with the next offset, and, when that is not what came (a hole, a
 * new epoch, or the feed itself says it may have lost something), by <i>healing</i>: one re-read of the log from the tail,
 * while announced entries are held. What the log cannot fill is told to every live subscription as a gap.
 *
 * <p>A subscription that is not live reads the log on its own ({@link Subscription}) and asks to {@link #settle} when it
 * has read up to the top. It then stands at the tail and is live; or before it, and what lies between is held here, else
 * it reads again; or ahead of it, and waits for the tail.
 */
final class Listeners {
    private static final Logger LOG = Logger.getLogger(Listeners.class);
    /** Entries are joined into buffers of about this size, so that a slow client pins no more than that. */
    private static final int MAX_JOINED_BYTES = 32 * 1024;

    private static final int DOUBT_AHEAD_MILLIS = 1000;

    private final Lane lane;
    private final Channel channel;
    private final List<Group> groups = new ArrayList<>(1);
    private final Set<Subscription> reading = new LinkedHashSet<>();
    private final Set<Subscription> ahead = new LinkedHashSet<>();
    private final SharedReads reads;
    private final Held held = new Held();
    private final Linger linger;
    private List<Delivery> pending = new ArrayList<>();
    private Position tail;
    private Position accepted;
    private boolean isHealing;
    /** Something was lost that a read already under way may not have seen. */
    private boolean isDoubtful;

    private int size;
    private boolean isGone;

    Listeners(Lane lane, Channel channel) {
        this.lane = lane;
        this.channel = channel;
        this.reads = new SharedReads(lane, channel, this::releaseHeld);
        this.linger = new Linger(lane, this::endUnlessUsed);
    }

    /** Up to where every live subscription has been served; null before the first one is live. */
    Position tail() {
        return tail;
    }

    /**
     * The position at which a new subscription can be live at once; empty if it has to read the log first. Without a feed
     * that is trusted the tail may have been left behind long ago.
     */
    Optional<Position> liveTail() {
        boolean isKnown = !isHealing && pending.isEmpty() && lane.hub().isTrusted();
        return isKnown ? Optional.ofNullable(tail) : Optional.empty();
    }

    void enter() {
        size++;
    }

    void leave(Subscription subscription) {
        reading.remove(subscription);
        ahead.remove(subscription);
        groups.forEach(group -> group.remove(subscription));
        groups.removeIf(Group::isEmpty);
        releaseHeld();
        if (--size == 0) {
            linger.renew();
        }
    }

    /** Somebody asked for the tail, and is as good as a listener who has just left. */
    void touch() {
        linger.renew();
    }

    private void endUnlessUsed() {
        if (size == 0) {
            isGone = true;
            lane.remove(channel);
        }
    }

    /**
     * Takes an announced entry.
     *
     * @return true if {@link #push} is now due and was not before
     */
    boolean accept(Delivery delivery) {
        Position position = delivery.entry().position();
        if (tail == null || isHealing) {
            held.add(delivery);
            return false;
        }
        if (position.epoch().equals(accepted.epoch()) && position.offset() <= accepted.offset()) {
            return false;
        }
        if (!position.equals(accepted.at(accepted.offset() + 1))) {
            push();
            held.add(delivery);
            heal();
            return false;
        }
        if (isHolding()) {
            held.add(delivery);
        }
        accepted = position;
        pending.add(delivery);
        return pending.size() == 1;
    }

    /** Writes the entries accepted since the last push to all live subscriptions. */
    void push() {
        if (pending.isEmpty()) {
            return;
        }
        List<Delivery> all = pending;
        pending = new ArrayList<>();
        pushInChunks(all);
        settleAhead();
    }

    private void pushInChunks(List<Delivery> all) {
        int from = 0;
        while (from < all.size()) {
            int to = from;
            int bytes = 0;
            while (to < all.size() && (to == from || bytes < MAX_JOINED_BYTES)) {
                bytes += all.get(to++).entry().payload().length;
            }
            List<Delivery> chunk = all.subList(from, to);
            for (Group group : groups) {
                for (Subscription slow : group.push(chunk)) {
                    slow.fallBehind(tail);
                }
            }
            groups.removeIf(Group::isEmpty);
            tail = all.get(to - 1).entry().position();
            from = to;
        }
        accepted = tail;
    }

    /** Compares the tail with the log and reads what is missing. */
    void heal() {
        if (isHealing || tail == null) {
            isDoubtful = true;
            return;
        }
        isHealing = true;
        isDoubtful = false;
        lane.hub().metrics().onHeal();
        readToHeal();
    }

    private void readToHeal() {
        if (isGone) {
            return;
        }
        lane.hub()
                .log()
                .since(channel, tail, lane.hub().config().pageEntries())
                .subscribe()
                .with(page -> lane.loop().execute(() -> healed(page)), failure -> {
                    LOG.debugf(failure, "Cannot heal a channel, will try again [%s]", channel);
                    lane.later(this::readToHeal);
                });
    }

    private void healed(History page) {
        if (isGone) {
            return;
        }
        page.gap().ifPresent(this::tellGap);
        tail = page.start();
        accepted = tail;
        pushInChunks(page.entries().stream().map(Delivery::new).toList());
        flush();
        if (!page.reachesTop()) {
            readToHeal();
            return;
        }
        isHealing = false;
        takeHeld();
        settleAhead();
        releaseHeld();
        flush();
    }

    /** Goes on from the tail with what was held, or heals if that does not connect to it. */
    private void takeHeld() {
        List<Delivery> newer = held.after(tail);
        boolean hasHole =
                newer.isEmpty() && held.newest().filter(this::isBeyondTail).isPresent();
        newer.forEach(this::accept);
        push();
        if (hasHole) {
            // The log has what is held, or has lost it: in neither case is it needed again.
            held.clear();
        }
        if (hasHole || isDoubtful) {
            heal();
        }
    }

    private boolean isBeyondTail(Delivery delivery) {
        Position position = delivery.entry().position();
        return position.epoch().equals(tail.epoch()) && position.offset() > tail.offset();
    }

    private void tellGap(Gap gap) {
        for (Group group : groups) {
            for (Subscription member : group.members()) {
                member.sync(Optional.of(gap), gap.to());
            }
        }
    }

    /** Reads a page for a subscription. */
    void read(Subscription subscription, Position after, int limit) {
        reading.add(subscription);
        reads.read(subscription, after, limit);
    }

    /** The subscription waits for its socket and reads nothing meanwhile. */
    void pause(Subscription subscription) {
        reading.remove(subscription);
    }

    /** Lets a subscription that has read up to the top go live, or go on reading, or wait. */
    void settle(Subscription subscription) {
        Position at = subscription.position();
        if (tail == null) {
            beginTail(at);
        }
        if (at.equals(tail)) {
            goLive(subscription);
        } else if (!at.epoch().equals(tail.epoch()) || at.offset() > tail.offset()) {
            waitAhead(subscription);
        } else {
            Optional<List<Delivery>> missing = held.between(at, tail);
            if (missing.isEmpty()) {
                subscription.read();
            } else if (subscription.replay(missing.get())) {
                goLive(subscription);
            }
        }
    }

    private void beginTail(Position at) {
        tail = at;
        accepted = at;
        takeHeld();
    }

    private void goLive(Subscription subscription) {
        reading.remove(subscription);
        ahead.remove(subscription);
        groupOf(subscription).add(subscription);
        subscription.onLive();
    }

    private void waitAhead(Subscription subscription) {
        reading.remove(subscription);
        ahead.add(subscription);
        boolean isOtherLife = !subscription.position().epoch().equals(tail.epoch());
        if (isOtherLife) {
            heal();
            return;
        }
        lane.after(DOUBT_AHEAD_MILLIS, () -> {
            // Entries between the tail and what was read should long be here: their announcements are lost.
            if (ahead.contains(subscription)) {
                heal();
            }
        });
    }

    private void settleAhead() {
        if (ahead.isEmpty()) {
            return;
        }
        for (Subscription subscription : List.copyOf(ahead)) {
            boolean isSameLife = subscription.position().epoch().equals(tail.epoch());
            if (isSameLife && subscription.position().offset() <= tail.offset()) {
                ahead.remove(subscription);
                settle(subscription);
            } else if (!isSameLife && !isHealing) {
                ahead.remove(subscription);
                subscription.read();
            }
        }
        releaseHeld();
    }

    private Group groupOf(Subscription subscription) {
        for (Group group : groups) {
            if (group.isFor(subscription.format(), subscription.filter())) {
                return group;
            }
        }
        var group = new Group(lane, subscription.format(), subscription.filter());
        groups.add(group);
        return group;
    }

    private boolean isHolding() {
        return isHealing || !reads.isEmpty() || !reading.isEmpty() || !ahead.isEmpty();
    }

    private void releaseHeld() {
        if (!isHolding()) {
            held.clear();
        }
    }

    private void flush() {
        groups.forEach(
                group -> group.members().forEach(member -> member.outlet().flush()));
    }
}
