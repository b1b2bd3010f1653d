/** Catch-up ranges: pages of a channel's history over HTTP, cacheable where they can never change. Row 6. */
package dev.heliograph.transport.range;
