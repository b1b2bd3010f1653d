package dev.heliograph.document;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.jboss.resteasy.reactive.common.util.DateUtil;

/**
 * The date of a version (RFC 9110, section 8.8.2), told and compared so that whoever was told it does not mistake a later
 * version for its own, although dates have seconds only: it is never before the change as long as there may be another
 * one that it is not before. As good as the nodes' clocks agree.
 */
final class LastModified {
    private LastModified() {}

    /** The full second after the change, but never one that is yet to come: then the date is no good, and will not match. */
    static Date of(Instant modified, Instant now) {
        Instant after = modified.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        return Date.from(after.isAfter(now) ? now.truncatedTo(ChronoUnit.SECONDS) : after);
    }

    /**
     * Whether a client that had the document at the date has it still.
     *
     * @param since {@code If-Modified-Since} in any of the forms of section 5.6.7; null, or no date: not sent
     */
    static boolean isBefore(String since, Instant modified, Instant now) {
        if (since == null) {
            return false;
        }
        try {
            Instant date = DateUtil.parseDate(since).toInstant();
            return modified.isBefore(date) && !date.isAfter(now);
        } catch (DateUtil.DateParseException e) {
            return false;
        }
    }
}
