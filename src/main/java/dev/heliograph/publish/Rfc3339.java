package dev.heliograph.publish;

import dev.heliograph.json.JsonMembers;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** Times on the wire: RFC 3339, with any offset from UTC. */
final class Rfc3339 {
    // ISO 8601, which java.time reads, allows more: no seconds, signed years, offsets with seconds.
    private static final Pattern FORM =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");

    private Rfc3339() {}

    /**
     * The time in the member {@code time}; null if there is none.
     *
     * @throws ProblemException {@code invalid-request} if it is malformed, or before 0000 or after 9999 in UTC
     */
    static Instant timeIn(JsonMembers request) {
        String written = request.string("time");
        if (written == null) {
            return null;
        }
        try {
            if (FORM.matcher(written).matches()) {
                Instant time = OffsetDateTime.parse(written).toInstant();
                int year = time.atOffset(ZoneOffset.UTC).getYear();
                if (year >= 0 && year <= 9999) {
                    return time;
                }
            }
        } catch (DateTimeException e) {
            // A date that does not exist is answered like any other malformed one.
        }
        throw request.wrong(ProblemType.INVALID_REQUEST, "time", "a time in RFC 3339 such as 2026-01-02T03:04:05.678Z");
    }
}
