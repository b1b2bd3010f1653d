/** The event log in Redis: for many nodes. The only package of the log that knows Redis. Row 2. */
package dev.heliograph.log.redis;
