package dev.heliograph.hub;

import dev.heliograph.event.Channel;

/** The client behind one or more subscriptions. Called on the event loop of its outlet. */
public interface Subscriber {
    Outlet outlet();

    /** All that the log held has been written. Must not end the subscription. */
    default void onCaughtUp(Channel channel) {}

    /** The subscription has ended: what was to be written could not be, so that nothing can follow it. */
    void onFailed(Channel channel);

    /** The socket stayed unwritable for the grace time and the namespace says {@code disconnect}. */
    void onTooSlow(Channel channel);
}
