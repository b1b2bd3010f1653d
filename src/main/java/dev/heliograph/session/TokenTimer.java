package dev.heliograph.session;

import dev.heliograph.access.Identity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells when a token is about to end, once, and when it has ended. Belongs to one event loop; calls in turns of its own. */
final class TokenTimer {
    /** The clock may be set meanwhile, and the end of a token may be further away than a timer can be. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Clock clock;
    private final ScheduledExecutorService loop;
    private final Instant expires;
    private final Consumer<Instant> whenExpiring;
    private final Runnable whenExpired;
    private Future<?> next;
    private boolean isCancelled;

    /** @param whenExpiring told {@link Identity#NOTICE} before the end, or now if less is left */
    TokenTimer(
            Clock clock,
            ScheduledExecutorService loop,
            Instant expires,
            Consumer<Instant> whenExpiring,
            Runnable whenExpired) {
        this.clock = clock;
        this.loop = loop;
        this.expires = expires;
        this.whenExpiring = whenExpiring;
        this.whenExpired = whenExpired;
        wakeAt(expires.minus(Identity.NOTICE), this::tell);
    }

    void cancel() {
        isCancelled = true;
        next.cancel(false);
    }

    private void tell() {
        whenExpiring.accept(expires);
        if (!isCancelled) {
            wakeAt(expires, whenExpired);
        }
    }

    private void wakeAt(Instant time, Runnable step) {
        Duration wait = Duration.between(clock.instant(), time);
        long nanos = wait.compareTo(LONGEST_WAIT) < 0 ? wait.toNanos() : LONGEST_WAIT.toNanos();
        next = loop.schedule(() -> wake(time, step), Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    private void wake(Instant time, Runnable step) {
        if (clock.instant().isBefore(time)) {
            wakeAt(time, step);
        } else {
            step.run();
        }
    }
}
