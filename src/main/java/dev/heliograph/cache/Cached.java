package dev.heliograph.cache;

import com.github.benmanes.caffeine.cache.Expiry;
import dev.heliograph.cache.Comparisons.Comparison;
import dev.heliograph.event.Channel;

/**
 * A value and how long it may be answered.
 *
 * @param sinceNanos when it was read or changed
 */
record Cached<V>(V value, long sinceNanos, Comparison comparison) {
    /** A value stays cached while it is asked for. */
    record WhileAskedFor<V>(Followed.Lifetime lifetime) implements Expiry<Channel, Cached<V>> {
        @Override
        public long expireAfterCreate(Channel channel, Cached<V> created, long nowNanos) {
            return nanos(channel, created, nowNanos);
        }

        /** An announcement is not a request. */
        @Override
        public long expireAfterUpdate(Channel channel, Cached<V> updated, long nowNanos, long remainingNanos) {
            return remainingNanos;
        }

        @Override
        public long expireAfterRead(Channel channel, Cached<V> read, long nowNanos, long remainingNanos) {
            return nanos(channel, read, nowNanos);
        }

        private long nanos(Channel channel, Cached<V> each, long nowNanos) {
            return Math.max(0, lifetime.nanos(channel, nowNanos - each.sinceNanos));
        }
    }
}
