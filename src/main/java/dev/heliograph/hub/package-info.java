/**
 * The listeners of this node, and what happens when they cannot keep up. Row 4.
 *
 * <p>An entry takes this way: {@link Hub#onEntry} offers it to every {@link Lane} that listens to its channel; the lane, on
 * its event loop, hands what has gathered to the channel's {@link Listeners}. Their {@link Tail} decides what comes next, and
 * each {@link Group} of live subscriptions gets it as one {@link Batch}, encoded once per wire format, which it writes to
 * every {@link Outlet}. A subscription that is not exactly at the tail (new, slow, after a hole) reads the log until it is.
 */
package dev.heliograph.hub;
