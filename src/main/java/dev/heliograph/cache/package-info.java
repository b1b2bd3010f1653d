/** The cache of values that the feed keeps up to date, and when they are compared with the log. Row 2. */
package dev.heliograph.cache;
