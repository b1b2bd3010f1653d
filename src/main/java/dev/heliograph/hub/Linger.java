package dev.heliograph.hub;

import java.util.concurrent.TimeUnit;

/**
 * The time for which a channel without listeners is still followed. There is one timer at a time, even if listeners come
 * and go often, as polls do. Belongs to the lane's event loop.
 */
final class Linger {
    // docs/decisions.md: A channel lingers on the lane, not in the feed
    private final Lane lane;
    private final Runnable whenOver;
    private final long nanos;
    private long renewedAtNanos;
    private boolean isRunning;

    /** @param whenOver called each time that the timer runs out; there may be listeners again by then */
    Linger(Lane lane, Runnable whenOver) {
        this.lane = lane;
        this.whenOver = whenOver;
        this.nanos = lane.parts().config().linger().toNanos();
    }

    /** Begins again now. */
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
