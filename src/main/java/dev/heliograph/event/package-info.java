/** What an event is and which are legal. Row 1. */
package dev.heliograph.event;
