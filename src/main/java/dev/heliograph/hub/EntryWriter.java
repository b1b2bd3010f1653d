package dev.heliograph.hub;

import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes entries that were read from the log to one client, for as long as its outlet takes them. Belongs to the outlet's
 * event loop.
 */
final class EntryWriter {
    private static final int MAX_WRITE_BYTES = 32 * 1024;

    private final Outlet outlet;
    private final Filter filter;
    private final HubMetrics metrics;

    EntryWriter(Outlet outlet, Filter filter, HubMetrics metrics) {
        this.outlet = outlet;
        this.filter = filter;
        this.metrics = metrics;
    }

    /**
     * @param upTo the client's position
     * @param isWhole whether all was written; otherwise the rest must be read again when the outlet takes more
     */
    record Written(Position upTo, boolean isWhole) {}

    /**
     * Writes only the newest entry of each key.
     *
     * @param tell is called first, with the gap, if entries are left out
     */
    Written writeConflated(History page, Optional<String> keyMember, Consumer<Gap> tell) {
        // First, so that no wanted entry is dropped for an unwanted one.
        List<Entry> wanted = page.entries().stream().filter(filter::passes).toList();
        List<Entry> newest = Conflation.newestOfEachKey(wanted, keyMember);
        if (newest.size() < wanted.size()) {
            tell.accept(new Gap(page.start(), page.end(), Gap.Reason.CONFLATED));
        }
        Written written = write(newest.stream().map(Delivery::new).toList(), page.start());
        return written.isWhole() ? new Written(page.end(), true) : written;
    }

    /** @param from the position before the first entry */
    Written write(List<Delivery> entries, Position from) {
        Position upTo = from;
        var chunk = new ArrayList<Delivery>();
        int bytes = 0;
        for (Delivery delivery : entries) {
            if (!outlet.isWritable()) {
                return new Written(upTo, false);
            }
            if (filter.passes(delivery)) {
                chunk.add(delivery);
                bytes += delivery.entry().payload().length;
            }
            upTo = delivery.entry().position();
            if (bytes >= MAX_WRITE_BYTES) {
                push(chunk);
                chunk.clear();
                bytes = 0;
            }
        }
        push(chunk);
        return new Written(upTo, true);
    }

    private void push(List<Delivery> chunk) {
        if (chunk.isEmpty()) {
            return;
        }
        var batch = new Batch(chunk, outlet.format());
        try {
            outlet.push(batch);
        } finally {
            batch.release();
        }
        metrics.onDelivered(chunk.size());
    }
}
