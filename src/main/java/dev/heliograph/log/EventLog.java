package dev.heliograph.log;

import dev.heliograph.event.Channel;
import dev.heliograph.event.Event;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;

/**
 * Each channel's ordered, bounded history. Offsets are contiguous from 1, and continue when a log begins another epoch
 * after a restart of its store. An append puts the event into its channel and into the firehose, each with an offset of its
 * own, or into neither. History is bounded by size (the oldest entry goes first). It is forgotten as a whole when nothing
 * was appended for the namespace's {@code historyTtl}; offsets continue after that. Any thread may call. Answers may come
 * on any thread.
 */
public interface EventLog {
    /** How long a repeated idempotency key is recognised. */
    Duration REPEAT_WINDOW = Duration.ofMinutes(5);

    /**
     * Appends and announces in one atomic step.
     *
     * @param idempotencyKey a second append to the same channel with the same key within {@link #REPEAT_WINDOW} gets the
     *     answer of the first, and appends nothing; null: no such check
     * @return fails with {@code log-unavailable} (nothing is known to be appended) or {@code log-timeout} (it may or may
     *     not be) as {@link dev.heliograph.problem.ProblemException}
     */
    Uni<Accepted> append(Event event, String idempotencyKey);

    /**
     * Reads entries after a position, and the newest position, atomically. A channel that was never used gets its epoch
     * here, so that a reader can resume from position 0.
     *
     * @param after null: start at the end, with no entries
     * @param limit how many entries at the most, 1 or more
     */
    Uni<History> since(Channel channel, Position after, int limit);

    /**
     * Reads the newest entry of each type of the channel's present life, its former epochs included, atomically, in the
     * order of their offsets. These entries outlive the bound on the history's size, and are forgotten with the whole
     * history.
     */
    Uni<List<Entry>> latest(Channel channel);
}
