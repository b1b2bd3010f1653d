/**
 * The listeners of this node, also those that cannot keep up. Row 4.
 *
 * <p>An entry takes this way: {@link Hub#onEntry} offers it to every {@link Lane} that listens to its channel. The lane, on
 * its event loop, passes the waiting entries to the channel's {@link Listeners}. Their {@link Tail} decides which entries
 * come next. Each {@link Group} of live subscriptions gets them as one {@link Batch}, encoded once per wire format, and
 * writes it to every {@link Outlet}. A subscription that is not exactly at the tail (new, slow, after a hole) reads the log
 * until it is.
 */
package dev.heliograph.hub;
