package dev.heliograph.session;

import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;

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
                vector.positions[i] = Position.parse(field, cursors[i]);
            } else if (channels == 1) {
                throw ProblemException.inField(ProblemType.INVALID_CURSOR, field, written, "a cursor, or no " + field);
            }
        }
        return vector;
    }

    /**
     * Of several that a client has, where it stands: in each channel, where the log stands if the client has that; else the
     * furthest in the log's present life, or the first if there is none of that life.
     *
     * @param vectors of the same channels, at least one
     * @param present where the log stands in the channel with an index; if that is unknown, the first vector's life counts
     */
    public static CursorVector furthest(List<CursorVector> vectors, IntFunction<Optional<Position>> present) {
        var furthest = fromNow(vectors.get(0).positions.length);
        for (int i = 0; i < furthest.positions.length; i++) {
            int index = i;
            List<Position> all = vectors.stream()
                    .map(vector -> vector.at(index))
                    .filter(Objects::nonNull)
                    .toList();
            furthest.set(i, all.isEmpty() ? null : furthest(all, present.apply(i)));
        }
        return furthest;
    }

    private static Position furthest(List<Position> positions, Optional<Position> present) {
        if (present.filter(positions::contains).isPresent()) {
            return present.get();
        }
        Position first = positions.get(0);
        String epoch = present.orElse(first).epoch();
        return positions.stream()
                .filter(position -> position.epoch().equals(epoch))
                .max(Comparator.comparingLong(Position::offset))
                .orElse(first);
    }

    /** The position in the channel with this index; null: from now on. */
    public Position at(int index) {
        return positions[index];
    }

    /** Whether the client has a position in each channel. */
    public boolean isComplete() {
        return Stream.of(positions).allMatch(Objects::nonNull);
    }

    public void set(int index, Position position) {
        positions[index] = position;
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
