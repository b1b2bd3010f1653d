/**
 * Who on this node listens, and what happens when they cannot keep up. Row 3.
 *
 * <p>An entry takes this way: {@link Hub#onEntry} encodes it once per wire format and offers it to every {@link Lane} that
 * has listeners; the lane, on its event loop, hands what has gathered to the channel's {@link Listeners}; they join
 * consecutive entries into one buffer and write it to every {@link Outlet}. Whoever is not exactly at the tail (new,
 * slow, after a hole) is a {@link Subscription} that reads the log until it is.
 */
package dev.heliograph.hub;
