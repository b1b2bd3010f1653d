package dev.heliograph.log;

import dev.heliograph.event.Channel;
import io.smallrye.mutiny.Uni;

/**
 * The live announcement of appended entries, for the channels that this node follows, and of notices to all nodes. An
 * engine's feed follows a channel or does not; {@link #shared} lets several users follow one.
 */
public interface Feed {
    /**
     * A feed for several users. Each listener gets the entries of all channels that any user follows. A channel is
     * followed until every follower has unfollowed it. Any thread may call.
     */
    static Feed shared(Feed engine) {
        return new SharedFeed(engine);
    }

    /**
     * Begins to announce a channel's new entries. A channel that is followed twice is announced once.
     *
     * @return completes when all entries appended from then on will be announced; while the connection behind the feed is
     *     broken it waits for the next connection, and {@link Listener#onDoubt} comes first
     */
    Uni<Void> follow(Channel channel);

    /** Ends the announcements; entries under way may still come. */
    void unfollow(Channel channel);

    /**
     * Adds a listener, which gets the entries of all channels that are followed. Must be called before its first {@link
     * #follow}. A failing listener does not stop the others.
     */
    void listen(Listener listener);

    /**
     * Sends a notice to every node on the same log, this one included, at most once each. A node with a broken connection
     * does not get it; its {@link Listener#onDoubt} follows.
     *
     * @param notice for listeners to understand or ignore; short
     * @return completes when the notice is sent
     */
    Uni<Void> broadcast(String notice);

    /**
     * Whether announcements are expected to come at present. While it is false, values that follow the announcements may be
     * out of date. {@link Listener#onDoubt} ends that time. Any thread may ask.
     */
    default boolean isTrusted() {
        return true;
    }

    /** Called by the feed, serially for each channel, never while the feed holds a lock. Must not block. */
    interface Listener {
        /** An entry was appended. Entries normally come in order, but the listener must expect holes and repeats. */
        default void onEntry(Entry entry) {}

        /**
         * Announcements and notices may be lost: the listener must compare its values of followed channels with the log.
         */
        void onDoubt();

        /** A node {@linkplain Feed#broadcast broadcast} a notice. Notices and entries have no order between them. */
        default void onNotice(String notice) {}
    }
}
