/** The only door through which an event enters: reads, checks and appends what clients hand in. Row 3. */
package dev.heliograph.publish;
