package dev.heliograph.cache;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Says when cached values are compared with the log. What the log loses, by {@code DEL}, eviction or
 * {@code FLUSHALL}, nobody announces. Any thread may call.
 *
 * <pre>
 * read from the log ---- 1 to 1.25 intervals ----> due ---- until 2 intervals ----> over
 *   answered from cache     answered from cache; the first who asks          the log is read
 *                           begins a comparison, which nobody waits for     before anybody is answered
 * </pre>
 */
final class Comparisons {
    // docs/decisions.md: A cached value is compared with the log by reading it again
    private static final int JITTER_PART = 4;

    private final long intervalNanos;
    private final LongSupplier nanoTime;

    public Comparisons(Duration interval, LongSupplier nanoTime) {
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
    }

    /** For a value that was just read from the log. */
    public Comparison next() {
        long jitter = ThreadLocalRandom.current().nextLong(intervalNanos / JITTER_PART);
        return new Comparison(nanoTime.getAsLong(), intervalNanos + jitter);
    }

    /** The next comparison of one value. */
    public final class Comparison {
        private final long readNanos;
        private final long dueAfterNanos;
        private final AtomicBoolean hasBegun = new AtomicBoolean();

        private Comparison(long readNanos, long dueAfterNanos) {
            this.readNanos = readNanos;
            this.dueAfterNanos = dueAfterNanos;
        }

        /**
         * Whether the value may be answered; begins the comparison if it is due. One that fails is not tried again: soon the
         * value may not be answered any more.
         *
         * @param read reads the log and replaces the value, and with it this
         */
        public boolean allows(Supplier<Uni<?>> read) {
            long age = nanoTime.getAsLong() - readNanos;
            if (age >= dueAfterNanos && hasBegun.compareAndSet(false, true)) {
                read.get()
                        .subscribe()
                        .with(
                                compared -> {},
                                failure -> Log.debugf(
                                        "A cached value is not compared with the log: %s", failure.getMessage()));
            }
            return age < 2 * intervalNanos;
        }
    }
}
