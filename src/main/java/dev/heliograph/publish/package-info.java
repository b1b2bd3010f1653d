/** The only door through which an event enters: reads, checks and appends what clients hand in. Row 4. */
package dev.heliograph.publish;
