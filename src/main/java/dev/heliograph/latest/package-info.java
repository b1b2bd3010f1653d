/** Caches the latest events; answers conditional requests for them, and requests about the cache. Row 4. */
package dev.heliograph.latest;
