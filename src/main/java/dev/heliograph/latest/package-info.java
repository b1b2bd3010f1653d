/** Caches the latest events, answers conditional requests. Row 4. */
package dev.heliograph.latest;
