package dev.heliograph.session;

import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.Arrays;

/**
 * Where a client stands in each of the channels that it asked for, in the order in which it did. On the wire: their cursors
 * joined by full stops; for one channel, its cursor. A channel of which the client knows nothing yet has an empty one, and
 * is listened to from now on. Not thread-safe.
 */
public final class CursorVector {
    private static final char SEPARATOR = '.';

    private final Position[] positions;

    private CursorVector(Position[] positions) {
        this.positions = positions;
    }

    /** Knows nothing of any channel yet. */
    public static CursorVector fromNow(int channels) {
        return new CursorVector(new Position[channels]);
    }

    /**
     * Reads what a client sent back.
     *
     * @param field the parameter or header that it stood in
     * @param channels how many the client asks for, at least 1
     * @throws ProblemException {@code invalid-cursor} if it is none of ours, or one for another number of channels
     */
    public static CursorVector parse(String field, String written, int channels) {
        String[] cursors = written.split("\\.", -1);
        if (cursors.length != channels) {
            throw ProblemException.inField(
                    ProblemType.INVALID_CURSOR,
                    field,
                    written,
                    "the cursor that this gateway sent for the same " + channels + " channel"
                            + (channels == 1 ? "" : "s") + " in the same order");
        }
        var vector = fromNow(channels);
        for (int i = 0; i < channels; i++) {
            if (!cursors[i].isEmpty()) {
                vector.positions[i] = parseOne(field, cursors[i]);
            } else if (channels == 1) {
                throw ProblemException.inField(ProblemType.INVALID_CURSOR, field, written, "a cursor, or no " + field);
            }
        }
        return vector;
    }

    private static Position parseOne(String field, String cursor) {
        try {
            return Position.parse(cursor);
        } catch (ProblemException malformed) {
            throw ProblemException.inField(
                    ProblemType.INVALID_CURSOR, field, cursor, "a cursor that this gateway sent, as it was sent");
        }
    }

    /** The position in the channel with this index; null: from now on. */
    public Position at(int index) {
        return positions[index];
    }

    public void set(int index, Position position) {
        positions[index] = position;
    }

    /** Whether the client says of every channel where it stands. */
    public boolean isComplete() {
        return Arrays.stream(positions).noneMatch(position -> position == null);
    }

    /** The wire form: URL-safe, and without quotes and line breaks. */
    public String cursor() {
        if (positions.length == 1) {
            return positions[0] == null ? "" : positions[0].cursor();
        }
        var joined = new StringBuilder();
        for (int i = 0; i < positions.length; i++) {
            if (i > 0) {
                joined.append(SEPARATOR);
            }
            if (positions[i] != null) {
                joined.append(positions[i].epoch()).append('-').append(positions[i].offset());
            }
        }
        return joined.toString();
    }

    @Override
    public String toString() {
        return cursor();
    }
}
