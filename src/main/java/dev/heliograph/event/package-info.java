/** Events, channels, and the catalogue of legal ones. Row 1. */
package dev.heliograph.event;
