package dev.heliograph.node;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.LogRecord;

/**
 * Says in one line a minute that the process may not open more files, so that connections wait. Netty tries again each second, and
 * each time it writes that nobody handled the exception.
 */
final class OpenFiles {
    private static final String LOGGER = "io.netty.channel.DefaultChannelPipeline";
    private static final String NO_DESCRIPTOR = "Too many open files";
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime() - PAUSE_NANOS);

    /** Takes the words of the record, if it is about files. False if the same was said within the pause. */
    boolean isWorthSaying(LogRecord said) {
        Throwable thrown = said.getThrown();
        if (thrown == null
                || !LOGGER.equals(said.getLoggerName())
                || !String.valueOf(thrown.getMessage()).contains(NO_DESCRIPTOR)) {
            return true;
        }
        said.setThrown(null);
        said.setMessage(
                "The process has as many files open as it may (ulimit -n, LimitNOFILE): new connections wait until"
                        + " others end; it is tried again each second");
        long now = System.nanoTime();
        long last = lastNanos.get();
        return now - last >= PAUSE_NANOS && lastNanos.compareAndSet(last, now);
    }
}
