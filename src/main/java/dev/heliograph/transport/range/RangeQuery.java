package dev.heliograph.transport.range;

import static dev.heliograph.wire.WireNames.FROM;
import static dev.heliograph.wire.WireNames.LIMIT;
import static dev.heliograph.wire.WireNames.TO;

import dev.heliograph.http.Query;
import dev.heliograph.log.Position;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Set;

/**
 * Which part of a channel's history is asked for.
 *
 * @param from events after this position; null: from the oldest one held
 * @param to events up to and including this position; null: up to the newest
 * @param limit how many events at the most, 1 to {@value #MAX_LIMIT}
 */
record RangeQuery(Position from, Position to, int limit) {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1000;

    private static final Set<String> NAMES = Set.of(FROM, TO, LIMIT);

    RangeQuery {
        if (from != null && to != null && from.epoch().equals(to.epoch())) {
            require(from.offset() <= to.offset(), ProblemType.INVALID_CURSOR, TO, to, "a cursor not before from");
        }
    }

    /**
     * This between the same places as the log's present epoch names them.
     *
     * @throws ProblemException {@code invalid-cursor} if the second lies before the first
     */
    RangeQuery between(Position start, Position end) {
        return new RangeQuery(start, end, limit);
    }

    /** @throws ProblemException that names the parameter which is unknown, repeated, malformed or contradictory */
    static RangeQuery of(MultivaluedMap<String, String> parameters) {
        var query = Query.read(parameters, NAMES);
        return new RangeQuery(position(query, FROM), position(query, TO), limit(query.one(LIMIT)));
    }

    /** Whether both ends are given, so that the answer is always the same once all of it has been appended. */
    boolean isClosed() {
        return from != null && to != null;
    }

    /** The query of the page that follows one which ended at a position. */
    String next(Position end) {
        // Cursors are URL-safe as they are.
        return "?from=" + end.cursor() + (to == null ? "" : "&to=" + to.cursor()) + "&limit=" + limit;
    }

    private static Position position(Query query, String name) {
        String cursor = query.one(name);
        return cursor == null ? null : Position.parse(name, cursor);
    }

    private static int limit(String written) {
        if (written == null) {
            return DEFAULT_LIMIT;
        }
        boolean isShortNumber = written.matches("[0-9]{1,4}");
        int limit = isShortNumber ? Integer.parseInt(written) : 0;
        require(
                limit >= 1 && limit <= MAX_LIMIT,
                ProblemType.INVALID_REQUEST,
                LIMIT,
                written,
                "a whole number from 1 to " + MAX_LIMIT);
        return limit;
    }

    private static void require(boolean holds, ProblemType type, String field, Object value, String expected) {
        if (!holds) {
            throw ProblemException.inField(type, field, value, expected);
        }
    }
}
