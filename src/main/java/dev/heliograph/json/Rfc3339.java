package dev.heliograph.json;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times on the wire: RFC 3339, with any offset from UTC. A time that {@link Instant} cannot hold becomes the last one
 * before it: a leap second is 23:59:59, and digits beyond the ninth are cut off.
 */
public final class Rfc3339 {
    // ISO 8601, which java.time reads, allows more: no seconds, signed years, offsets with seconds.
    private static final Pattern FORM =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)[Tt](\\d\\d:\\d\\d):(\\d\\d)(?:\\.(\\d+))?"
                    + "(?:[Zz]|([+-])([01]\\d|2[0-3]):([0-5]\\d))");

    private static final String LEAP_SECOND = "60";
    private static final LocalTime BEFORE_LEAP_SECOND = LocalTime.of(23, 59, 59);
    private static final int NANO_DIGITS = 9;

    private Rfc3339() {}

    /**
     * The time in a member; null if there is none.
     *
     * @throws ProblemException {@code invalid-request} if it is malformed, or before 0000 or after 9999 in UTC
     */
    public static Instant timeIn(JsonMembers request, String name) {
        String written = request.string(name);
        if (written == null) {
            return null;
        }
        Matcher parts = FORM.matcher(written);
        try {
            if (parts.matches()) {
                boolean isLeap = parts.group(3).equals(LEAP_SECOND);
                LocalDateTime time = LocalDateTime.parse(
                                parts.group(1) + 'T' + parts.group(2) + ':' + (isLeap ? "59" : parts.group(3)))
                        .minusSeconds(offsetSeconds(parts));
                boolean exists = !isLeap || time.toLocalTime().equals(BEFORE_LEAP_SECOND);
                if (exists && time.getYear() >= 0 && time.getYear() <= 9999) {
                    return time.plusNanos(nanos(parts.group(4))).toInstant(ZoneOffset.UTC);
                }
            }
        } catch (DateTimeException e) {
            // A date that does not exist is malformed as well.
        }
        throw request.wrong(ProblemType.INVALID_REQUEST, name, "a time in RFC 3339 such as 2026-01-02T03:04:05.678Z");
    }

    private static int offsetSeconds(Matcher parts) {
        if (parts.group(5) == null) {
            return 0;
        }
        int seconds = Integer.parseInt(parts.group(6)) * 3600 + Integer.parseInt(parts.group(7)) * 60;
        return parts.group(5).equals("-") ? -seconds : seconds;
    }

    private static long nanos(String fraction) {
        return fraction == null ? 0 : Long.parseLong((fraction + "000000000").substring(0, NANO_DIGITS));
    }
}
