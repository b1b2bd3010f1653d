package dev.heliograph.log;

import dev.heliograph.event.Channel;
import io.smallrye.mutiny.Uni;

/** The live announcement of what is appended, for the channels that this node follows. */
public interface Feed {
    /**
     * Begins to announce a channel's new entries. Following twice is following once.
     *
     * @return completes when whatever is appended from then on will be announced; while the connection behind the feed is
     *     broken it waits for the next one, and {@link Listener#onDoubt} comes first
     */
    Uni<Void> follow(Channel channel);

    /** Ends it; entries that were under way may still come. */
    void unfollow(Channel channel);

    /** Sets the one listener; to be called once, before the first {@link #follow}. */
    void listen(Listener listener);

    /** Called by the feed, serially for each channel, never while the feed holds a lock. Must not block. */
    interface Listener {
        /** An entry was appended; normally in order, but holes and repeats must be expected. */
        void onEntry(Entry entry);

        /** Announcements may have been lost: positions of all followed channels must be compared with the log. */
        void onDoubt();
    }
}
