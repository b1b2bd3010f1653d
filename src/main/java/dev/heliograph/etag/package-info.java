/** Remembers the latest events, answers conditional requests. Row 3. */
package dev.heliograph.etag;
