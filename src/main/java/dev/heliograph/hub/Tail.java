package dev.heliograph.hub;

import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The position of all live subscriptions to one channel on one lane. Decides, and does no I/O: {@link Listeners} reads and
 * writes. Belongs to one event loop.
 *
 * <pre>
 *   log:    ... | served | pending | held ...
 *                        ^         ^
 *                     served()   accepted
 * </pre>
 *
 * <p>The tail, {@link #served}, exists once the first subscription is live. It moves in two ways only: by an announced
 * entry with the next offset, or by a <i>resync</i>: the log is read from the tail while announced entries are held. A
 * resync is needed after a hole, after a new epoch, and when the feed may have lost something.
 */
final class Tail {
    /** Entries are joined into buffers of about this size, so that a slow client keeps no more memory than that. */
    private static final int MAX_CHUNK_BYTES = 32 * 1024;

    private final Held held = new Held();
    /** Accepted, and not yet written to the live subscriptions. */
    private List<Delivery> pending = new ArrayList<>();
    /** Null before the first subscription is live. */
    private Position served;

    private Position accepted;
    private boolean isResyncing;
    /** An announcement may be lost that a read under way has not seen. */
    private boolean isDoubtful;

    /** The result for an announced entry. */
    enum Taken {
        /** It is held, or was known, or other entries were already pending. */
        NOTHING_TO_DO,
        /** It is the first pending entry: a push is now due. */
        PUSH_DUE,
        /** It does not follow the last one and was not taken. After a push it must be {@linkplain #hold held}. */
        HOLE
    }

    /** The position up to which every live subscription was served; null before the first one is live. */
    Position served() {
        return served;
    }

    /** The position at which a new subscription is live at once; empty if it has to read the log first. */
    Optional<Position> live() {
        return isResyncing || !pending.isEmpty() ? Optional.empty() : Optional.ofNullable(served);
    }

    /** @param isAwaited whether a subscription that reads the log may need the entry later */
    Taken take(Delivery delivery, boolean isAwaited) {
        Position position = delivery.entry().position();
        if (served == null || isResyncing) {
            held.add(delivery);
            return Taken.NOTHING_TO_DO;
        }
        boolean isSameEpoch = position.epoch().equals(accepted.epoch());
        if (isSameEpoch && position.offset() <= accepted.offset()) {
            return Taken.NOTHING_TO_DO;
        }
        if (!isSameEpoch || position.offset() != accepted.offset() + 1) {
            return Taken.HOLE;
        }
        if (isAwaited) {
            held.add(delivery);
        }
        accepted = position;
        pending.add(delivery);
        return pending.size() == 1 ? Taken.PUSH_DUE : Taken.NOTHING_TO_DO;
    }

    /** Keeps an entry for the subscriptions that read the log. */
    void hold(Delivery delivery) {
        held.add(delivery);
    }

    /** Forgets the held entries, unless a subscription may still need them. */
    void release(boolean isAwaited) {
        if (!isAwaited && !isResyncing) {
            held.clear();
        }
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    /** The next pending entries to be written as one buffer; the tail moves behind them. */
    List<Delivery> nextChunk() {
        int end = 0;
        int bytes = 0;
        while (end < pending.size() && (end == 0 || bytes < MAX_CHUNK_BYTES)) {
            bytes += pending.get(end++).entry().payload().length;
        }
        List<Delivery> chunk = pending;
        pending = new ArrayList<>(chunk.subList(end, chunk.size()));
        chunk = chunk.subList(0, end);
        served = chunk.get(end - 1).entry().position();
        return chunk;
    }

    /** Decides the next step of a subscription that has read the log up to its top. The first one sets the tail. */
    Join join(Position at) {
        if (served == null) {
            begin(at);
        }
        if (at.equals(served)) {
            return new Join.Live();
        }
        boolean isOtherEpoch = isOtherEpoch(at);
        if (isOtherEpoch || at.offset() > served.offset()) {
            return new Join.Ahead(isOtherEpoch);
        }
        return held.between(at, served).<Join>map(Join.Replay::new).orElseGet(Join.ReadOn::new);
    }

    /** As {@link #join}, for a subscription that is ahead of the tail. */
    Join joinAgain(Position at) {
        // After a resync the tail has the newest epoch, so the subscription's epoch is over.
        return isOtherEpoch(at) && !isResyncing ? new Join.ReadOn() : join(at);
    }

    private boolean isOtherEpoch(Position at) {
        return !at.epoch().equals(served.epoch());
    }

    /** No subscription is live, so the held entries need not be written on the way. */
    private void begin(Position at) {
        served = at;
        accepted = at;
        takeHeld();
        served = accepted;
        pending.clear();
    }

    /** Whether the log must be read from the tail (again). */
    boolean isDoubtful() {
        return isDoubtful;
    }

    /** Begins a resync. Returns false if there is no tail yet, or if a resync is under way: then another one follows. */
    boolean beginResync() {
        isDoubtful = isResyncing || served == null;
        if (!isDoubtful) {
            isResyncing = true;
            // Pending entries are read again: a failed push has left them.
            pending.clear();
            accepted = served;
        }
        return !isDoubtful;
    }

    /** Goes on from a page that was read for a resync. Its entries are then pending. */
    void resume(History page) {
        served = page.start();
        accepted = page.end();
        page.entries().stream().map(Delivery::new).forEach(pending::add);
    }

    /** Ends a resync whose last page reached the top. The held entries after it are then pending. */
    void endResync() {
        isResyncing = false;
        takeHeld();
    }

    private void takeHeld() {
        List<Delivery> newer = held.after(served);
        pending.addAll(newer);
        if (!newer.isEmpty()) {
            accepted = newer.get(newer.size() - 1).entry().position();
        } else if (held.newest().filter(this::isBeyond).isPresent()) {
            // The log has the held entries, or has lost them. They are not needed again in either case.
            held.clear();
            isDoubtful = true;
        }
    }

    /** An entry of another epoch may be the first that came after the log was read. */
    private boolean isBeyond(Delivery delivery) {
        Position position = delivery.entry().position();
        return isOtherEpoch(position) || position.offset() > served.offset();
    }
}
