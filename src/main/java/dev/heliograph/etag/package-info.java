/** Keeps the latest events near, answers conditional requests. Row 3. */
package dev.heliograph.etag;
