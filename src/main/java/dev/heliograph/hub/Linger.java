package dev.heliograph.hub;

import java.util.concurrent.TimeUnit;

/**
 * How long a channel that nobody listens to is still followed. One timer at a time, however often somebody comes and goes:
 * polls do. Belongs to the lane's event loop.
 */
final class Linger {
    // docs/decisions.md: A channel lingers on the lane, not in the feed
    private final Lane lane;
    private final Runnable whenOver;
    private final long nanos;
    private long renewedAtNanos;
    private boolean isRunning;

    /** @param whenOver called each time that it has run out; may find that somebody listens by then */
    Linger(Lane lane, Runnable whenOver) {
        this.lane = lane;
        this.whenOver = whenOver;
        this.nanos = lane.parts().config().linger().toNanos();
    }

    /** It begins now, whenever it began before. */
    void renew() {
        renewedAtNanos = System.nanoTime();
        if (!isRunning) {
            lookAfter(nanos);
        }
    }

    private void lookAfter(long left) {
        isRunning = true;
        lane.after(TimeUnit.NANOSECONDS.toMillis(left), this::look);
    }

    private void look() {
        isRunning = false;
        long left = nanos - (System.nanoTime() - renewedAtNanos);
        if (left < TimeUnit.MILLISECONDS.toNanos(1)) {
            whenOver.run();
        } else {
            lookAfter(left);
        }
    }
}
