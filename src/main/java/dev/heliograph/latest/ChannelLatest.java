package dev.heliograph.latest;

import dev.heliograph.cache.Announced;
import dev.heliograph.cache.CorrectingLog.Answer;
import dev.heliograph.cache.Followed;
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
final class ChannelLatest implements Followed.Value<ChannelLatest> {
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

    /** Null if the entries do not follow: one between is missing, or the log began another epoch. */
    @Override
    public ChannelLatest after(Announced entries) {
        long top = newest == null ? 0 : top().offset();
        if (newest != null && isUpTo(entries.last(), top())) {
            return this;
        }
        if (newest != null && (!entries.last().epoch().equals(epoch()) || entries.first() > top + 1)) {
            return null;
        }
        var more = new HashMap<>(byType);
        entries.newest().values().stream()
                .filter(entry -> entry.offset() > top)
                .forEach(entry -> more.put(entry.type(), EncodedEntry.of(entry)));
        return new ChannelLatest(more, reached);
    }

    /** Forgets them: they would be answered as current. */
    @Override
    public ChannelLatest doubted() {
        return null;
    }

    @Override
    public ChannelLatest overtakenBy(ChannelLatest before) {
        return before;
    }

    @Override
    public boolean isRefutedBy(Answer answer) {
        Position top = top();
        return top != null && !isUpTo(top, answer.top());
    }

    /** Whether the newest entries of both are of one epoch; also if neither has any. */
    @Override
    public boolean isSameAs(ChannelLatest other) {
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

    @Override
    public int bytes() {
        long bytes = OVERHEAD_BYTES
                + byType.values().stream().mapToLong(EncodedEntry::bytes).sum();
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    /** The furthest position that this life of the log is known to have reached; null: none is known. */
    Position furthest() {
        return isUpTo(top(), reached) ? reached : top();
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
