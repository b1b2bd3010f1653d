package dev.heliograph.etag;

import dev.heliograph.log.Entry;
import dev.heliograph.log.Position;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The newest entry of each type of one channel; maybe none. As every entry has a type, the newest of them is the top of the
 * log, so that a hole in what is announced can be seen. Immutable.
 */
final class ChannelLatest {
    /** This, its maps, the channel's name and a place in the cache; rounded up. */
    private static final int OVERHEAD_BYTES = 512;

    private final Map<String, EncodedEntry> byType;
    /** Null if there is none. */
    private final EncodedEntry newest;
    /** Where the log was known to be before it was read, which may be more than it still has entries of; null: not known. */
    private final Position reached;

    private ChannelLatest(Map<String, EncodedEntry> byType, Position reached) {
        this.byType = Map.copyOf(byType);
        this.newest = newestOf(byType.values());
        this.reached = reached;
    }

    /**
     * @param entries one of each type, of one life of the log
     * @param reached a position that the log was known to have reached before they were read; null: none
     */
    static ChannelLatest of(List<Entry> entries, Position reached) {
        var byType = new HashMap<String, EncodedEntry>();
        entries.forEach(entry -> byType.put(entry.type(), EncodedEntry.of(entry)));
        return new ChannelLatest(byType, reached);
    }

    /**
     * This with what was announced after or around it, or itself if nothing of that is new; empty if the two cannot be
     * joined, because entries between them are missing or they belong to different epochs.
     */
    Optional<ChannelLatest> with(Run announced) {
        long top = newest == null ? 0 : newest.entry().offset();
        if (newest != null) {
            boolean isOfThisLife =
                    announced.last().epoch().equals(newest.entry().position().epoch());
            if (!isOfThisLife || announced.first() > top + 1) {
                return Optional.empty();
            }
            if (announced.last().offset() <= top) {
                return Optional.of(this);
            }
        }
        var more = new HashMap<>(byType);
        announced.newest().forEach((type, entry) -> {
            if (entry.offset() > top) {
                more.put(type, EncodedEntry.of(entry));
            }
        });
        return Optional.of(new ChannelLatest(more, reached));
    }

    /** Whether the log, whose top was read after these entries were there, does not have them. */
    boolean isRefutedBy(Position topOfLog) {
        Position top = top();
        return top != null && !isUpTo(top, topOfLog);
    }

    /** Whether the newest entries of both are of one epoch; also if neither has any. */
    boolean isOfTheLifeOf(ChannelLatest other) {
        return Objects.equals(epoch(), other.epoch());
    }

    /**
     * Whether no entry up to a position is missing but what the log forgot.
     *
     * @param position null: none is known
     */
    boolean hasReached(Position position) {
        return position == null || position.offset() == 0 || isUpTo(position, reached) || isUpTo(position, top());
    }

    /** @param types empty: any */
    Optional<EncodedEntry> newest(Set<String> types) {
        if (types.isEmpty()) {
            return Optional.ofNullable(newest);
        }
        return Optional.ofNullable(newestOf(
                types.stream().map(byType::get).filter(Objects::nonNull).toList()));
    }

    /** How many types have an entry. */
    int size() {
        return byType.size();
    }

    /** About how much memory this takes. */
    int bytes() {
        long bytes = OVERHEAD_BYTES
                + byType.values().stream().mapToLong(EncodedEntry::bytes).sum();
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    /** Where the log was known to be before it was read; null: not known. */
    Position reached() {
        return reached;
    }

    /** Null if nothing is known. */
    private String epoch() {
        return top() == null ? null : top().epoch();
    }

    /** Null if nothing is known. */
    private Position top() {
        return newest == null ? reached : newest.entry().position();
    }

    private static boolean isUpTo(Position position, Position end) {
        return end != null && end.epoch().equals(position.epoch()) && position.offset() <= end.offset();
    }

    private static EncodedEntry newestOf(Collection<EncodedEntry> entries) {
        return entries.stream()
                .max(Comparator.comparingLong(each -> each.entry().offset()))
                .orElse(null);
    }
}
