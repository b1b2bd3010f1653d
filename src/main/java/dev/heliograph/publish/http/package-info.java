/** Publishing by {@code POST}: one event or a batch, in the gateway's own form or as CloudEvents. Row 4. */
package dev.heliograph.publish.http;
