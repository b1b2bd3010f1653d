package dev.heliograph.log;

import dev.heliograph.event.Channel;
import io.smallrye.mutiny.Uni;

/**
 * The live announcement of what is appended, for the channels that this node follows, and of notices to all nodes. An
 * engine's feed follows a channel or does not; {@link SharedFeed} lets several users follow one.
 */
public interface Feed {
    /**
     * Begins to announce a channel's new entries. A channel that is followed twice is announced once.
     *
     * @return completes when whatever is appended from then on will be announced; while the connection behind the feed is
     *     broken it waits for the next one, and {@link Listener#onDoubt} comes first
     */
    Uni<Void> follow(Channel channel);

    /** Ends it; entries that were under way may still come. */
    void unfollow(Channel channel);

    /**
     * Adds a listener, which hears of all channels that are followed; to be called before it is relied on, hence before its
     * first {@link #follow}. A listener that fails does not keep the others from hearing.
     */
    void listen(Listener listener);

    /**
     * Tells every node on the same log, this one included, at most once each. A node whose connection is broken is not told:
     * its {@link Listener#onDoubt} follows.
     *
     * @param notice for listeners to understand or ignore; short
     * @return completes when it is on its way
     */
    Uni<Void> broadcast(String notice);

    /**
     * Whether announcements can be expected to come at present. While it is false, what was kept by what was announced may
     * be out of date; {@link Listener#onDoubt} ends that time. Any thread may ask.
     */
    default boolean isTrusted() {
        return true;
    }

    /** Called by the feed, serially for each channel, never while the feed holds a lock. Must not block. */
    interface Listener {
        /** An entry was appended; normally in order, but holes and repeats must be expected. */
        void onEntry(Entry entry);

        /** Announcements and notices may have been lost: what is known of followed channels must be compared with the log. */
        void onDoubt();

        /** A node {@linkplain Feed#broadcast said something} to all. Notices come in no order with entries. */
        default void onNotice(String notice) {}
    }
}
