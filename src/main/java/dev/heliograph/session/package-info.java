/** One client's conversation, whatever the wire: its subscriptions, its limits, its end. Row 5. */
package dev.heliograph.session;
