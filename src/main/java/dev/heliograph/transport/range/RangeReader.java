package dev.heliograph.transport.range;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.log.Entry;
import dev.heliograph.log.EventLog;
import dev.heliograph.log.Gap;
import dev.heliograph.log.History;
import dev.heliograph.log.Position;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Reads pages of history, bounded in number and in bytes. A page is gathered from several reads of the log, each up to
 * twice as long as the one before, as events may be small or large; it ends early rather than take in a gap that opened
 * between two of them.
 */
@Singleton
final class RangeReader {
    /** Belongs to no life of any log, so that reading after it begins with the oldest entry held. */
    private static final Position BEFORE_ALL = new Position("0", 0);

    // docs/decisions.md: Ranges read the log in portions sized by the largest legal event
    /** How much the first read of the log may bring, if every event is as large as one may be. */
    private static final int FIRST_READ_BYTES = PageBuilder.MAX_BYTES;

    /** How much any later one may bring: it is large only if the events before were small. */
    private static final int MAX_READ_BYTES = 8 << 20;

    private final EventLog log;
    private final Catalogue catalogue;

    RangeReader(EventLog log, Catalogue catalogue) {
        this.log = log;
        this.catalogue = catalogue;
    }

    Uni<RangePage> read(Channel channel, RangeQuery query) {
        int firstLimit = entriesIn(FIRST_READ_BYTES, channel);
        Position after = query.from() == null ? BEFORE_ALL : query.from();
        return log.since(channel, after, Math.min(query.limit(), firstLimit))
                .flatMap(first -> end(channel, query, first).flatMap(end -> {
                    RangeQuery present = query.between(first.gap().isEmpty() ? first.start() : query.from(), end.to());
                    var page = new PageBuilder(present, first.start());
                    return fill(channel, page, first, 2 * firstLimit)
                            .map(filled -> page(channel, query, first, end, page));
                }));
    }

    /**
     * The end that was asked for.
     *
     * @param to in the log's present epoch, if it belongs to this life of the log; null: none was asked for
     * @param gap what is told of it if the log lost it, or never had it
     */
    private record End(Position to, Optional<Gap> gap) {}

    /** After a restart of Redis a log goes on under another epoch, and the end may be told in a former one. */
    private Uni<End> end(Channel channel, RangeQuery query, History first) {
        Position to = query.to();
        if (to == null || to.epoch().equals(first.top().epoch())) {
            return Uni.createFrom().item(new End(to, Optional.empty()));
        }
        return log.since(channel, to, 1).map(there -> end(to, there));
    }

    private static End end(Position to, History there) {
        Gap.Reason missing = there.gap().map(Gap::reason).orElse(null);
        if (missing == Gap.Reason.EPOCH_CHANGED) {
            return new End(to, there.gap());
        }
        if (missing == Gap.Reason.TRIMMED) {
            return new End(there.top().at(to.offset()), Optional.empty());
        }
        // Of what was lost with the former epoch's end nothing is left to read, but all that came before.
        return new End(there.start(), there.gap());
    }

    /** Adds entries until the page, the range or the log is at its end. */
    private Uni<Void> fill(Channel channel, PageBuilder page, History history, int nextLimit) {
        for (Entry entry : history.entries()) {
            if (!page.add(entry)) {
                return Uni.createFrom().voidItem();
            }
        }
        if (page.isFull() || history.reachesTop()) {
            return Uni.createFrom().voidItem();
        }
        int limit = Math.min(nextLimit, entriesIn(MAX_READ_BYTES, channel));
        return log.since(channel, page.end(), Math.min(limit, page.room()))
                .flatMap(next ->
                        next.gap().isPresent() ? Uni.createFrom().voidItem() : fill(channel, page, next, 2 * limit));
    }

    /** How many entries fit for certain, but at least one. */
    private int entriesIn(int bytes, Channel channel) {
        int maxEventBytes = catalogue.namespaceOf(channel).maxEventBytes();
        return Math.max(1, bytes / Math.max(maxEventBytes, DocumentLog.MAX_DOCUMENT_BYTES));
    }

    private static RangePage page(Channel channel, RangeQuery query, History first, End end, PageBuilder page) {
        Position top = first.top();
        Optional<Gap> gap = gap(query, first, end);
        boolean isComparable = end.to() == null || end.to().epoch().equals(top.epoch());
        boolean reachesTo = end.to() != null && isComparable && end.to().offset() <= top.offset();
        boolean beginsWithGap = query.from() != null && first.gap().isPresent();
        Position last = page.isEmpty() && beginsWithGap ? gap.orElseThrow().to() : page.end();
        return new RangePage(
                channel,
                query.from() == null ? first.start() : query.from(),
                gap,
                page.events(),
                last,
                isComparable && last.offset() < (reachesTo ? end.to() : top).offset(),
                query.isClosed() && reachesTo && gap.isEmpty());
    }

    /** What the log misses, cut to the range that was asked for. */
    private static Optional<Gap> gap(RangeQuery query, History first, End end) {
        if (query.from() == null) {
            return end.gap();
        }
        return first.gap().map(gap -> cut(gap, end.to())).or(end::gap);
    }

    private static Gap cut(Gap gap, Position to) {
        boolean isBeyond =
                to != null && gap.reason() == Gap.Reason.TRIMMED && gap.to().offset() > to.offset();
        return isBeyond ? new Gap(gap.from(), to, gap.reason()) : gap;
    }
}
