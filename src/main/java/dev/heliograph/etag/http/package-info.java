/** The latest events and the cache of them over HTTP. Row 3. */
package dev.heliograph.etag.http;
