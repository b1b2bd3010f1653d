/** The only way in for events: reads, checks and appends the events of clients, and takes them over HTTP. Row 4. */
package dev.heliograph.publish;
