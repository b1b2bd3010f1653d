/** Who asks, and how often one client may ask. Row 2. */
package dev.heliograph.access;
