/** The latest events and the cache of them over HTTP. Row 4. */
package dev.heliograph.latest.http;
