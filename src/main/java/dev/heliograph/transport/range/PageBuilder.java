package dev.heliograph.transport.range;

import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import dev.heliograph.wire.WireJson;
import java.util.ArrayList;
import java.util.List;

/** A page under construction, bounded in number and in bytes. For one thread at a time. */
final class PageBuilder {
    /** A page with this many bytes takes no further event; one event alone may be larger. */
    static final int MAX_BYTES = 1 << 20;

    private final RangeQuery query;
    private final List<byte[]> events = new ArrayList<>();
    private Position end;
    private long bytes;
    private boolean isFull;

    /** @param start the position before the first entry that will be offered */
    PageBuilder(RangeQuery query, Position start) {
        this.query = query;
        this.end = start;
    }

    /** @return false if the entry lies beyond the page, so that none after it is wanted either */
    boolean add(Entry entry) {
        if (isFull() || isBeyond(entry.position())) {
            return false;
        }
        byte[] json = WireJson.entry(entry);
        if (!events.isEmpty() && bytes + json.length > MAX_BYTES) {
            isFull = true;
            return false;
        }
        events.add(json);
        bytes += json.length;
        end = entry.position();
        return true;
    }

    boolean isFull() {
        return isFull || events.size() == query.limit() || end.equals(query.to());
    }

    /** How many events it may still take. */
    int room() {
        return query.limit() - events.size();
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    List<byte[]> events() {
        return events;
    }

    /** The position of the last event, or the start. */
    Position end() {
        return end;
    }

    private boolean isBeyond(Position position) {
        Position to = query.to();
        return to != null && (!position.epoch().equals(to.epoch()) || position.offset() > to.offset());
    }
}
