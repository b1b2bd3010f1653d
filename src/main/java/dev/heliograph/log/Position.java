package dev.heliograph.log;

import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in one channel's log. Its wire form, the cursor, is {@code <epoch>-<offset>}.
 *
 * @param epoch random id of one life of the log, or of a part of it: after a restart of its store a log may continue its
 *     offsets under another epoch; 1 to 32 characters of {@code A-Z a-z 0-9}
 * @param offset the number of entries of this life up to here; 0 is before the first
 */
public record Position(String epoch, long offset) {
    private static final Pattern CURSOR = Pattern.compile("([A-Za-z0-9]{1,32})-(0|[1-9][0-9]{0,17})");

    public Position {
        Objects.requireNonNull(epoch, "epoch");
        if (offset < 0) {
            throw new IllegalArgumentException("offset is " + offset);
        }
    }

    /**
     * Reads a cursor that a client sent back.
     *
     * @throws ProblemException {@code invalid-cursor} if it is no cursor of ours
     */
    public static Position parse(String cursor) {
        return parse("cursor", cursor);
    }

    /**
     * As {@link #parse(String)}.
     *
     * @param field the member, parameter or header of the cursor
     */
    public static Position parse(String field, String cursor) {
        Matcher parts = CURSOR.matcher(cursor);
        if (!parts.matches()) {
            throw ProblemException.inField(
                    ProblemType.INVALID_CURSOR, field, cursor, "a cursor that this gateway sent, as it was sent");
        }
        return new Position(parts.group(1), Long.parseLong(parts.group(2)));
    }

    public Position at(long otherOffset) {
        return new Position(epoch, otherOffset);
    }

    /** The wire form: URL-safe, and safe inside JSON strings. */
    public String cursor() {
        return epoch + '-' + offset;
    }

    @Override
    public String toString() {
        return cursor();
    }
}
