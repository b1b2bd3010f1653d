package dev.heliograph.document.http;

import dev.heliograph.document.DocumentConfig;
import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;

/**
 * The {@code Last-Modified} date of a version (RFC 9110, section 8.8.2). Dates have whole seconds only, so it is rounded up,
 * once no change of the same second can follow: a client that sends it back never mistakes a later version for its own, as
 * long as the nodes' clocks agree.
 */
final class LastModified {
    /** A change has the time at which it began; none takes longer, see {@code heliograph.documents.write-timeout}. */
    private static final Duration LONGEST_CHANGE = DocumentConfig.MAX_WRITE_TIMEOUT;

    private static final int MAX_DATE_CHARS = "Wednesday, 15-Jan-26 10:30:01 GMT".length();
    /** The one form that does not say {@code GMT}. */
    private static final int ASCTIME_CHARS = "Thu Jan 15 10:30:01 2026".length();

    private LastModified() {}

    /** The full second after the change. While others may follow that began before it, the one before, which never matches. */
    static String of(Instant modified, Instant now) {
        // docs/decisions.md: `Last-Modified` is rounded up
        Instant before = modified.truncatedTo(ChronoUnit.SECONDS);
        Instant after = before.plusSeconds(1);
        return DateFormatter.format(Date.from(after.plus(LONGEST_CHANGE).isAfter(now) ? before : after));
    }

    /**
     * Whether a client that had the document at the date has it still.
     *
     * @param since {@code If-Modified-Since} in any of the forms of section 5.6.7; null, or no date: not sent
     */
    static boolean isBefore(String since, Instant modified, Instant now) {
        Date date = isDated(since) ? DateFormatter.parseHttpDate(since) : null;
        return date != null
                && modified.isBefore(date.toInstant())
                && !date.toInstant().isAfter(now);
    }

    /** The parser takes any time for one of GMT, as all of HTTP's are, and fails at what is much longer than a date. */
    private static boolean isDated(String since) {
        return since != null
                && since.length() <= MAX_DATE_CHARS
                && (since.endsWith(" GMT") || since.length() == ASCTIME_CHARS);
    }
}
