package dev.heliograph.hub;

import dev.heliograph.event.Channel;

/** The client of one or more subscriptions. Called on the event loop of its outlet. */
public interface Subscriber {
    Outlet outlet();

    /** All entries of the log have been written. Must not end the subscription. */
    default void onCaughtUp(Channel channel) {}

    /** The subscription has ended, because an entry could not be written and no later one may follow. */
    void onFailed(Channel channel);

    /** The socket stayed unwritable for the grace time and the namespace says {@code disconnect}. */
    void onTooSlow(Channel channel);
}
