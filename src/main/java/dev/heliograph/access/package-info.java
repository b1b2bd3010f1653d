/** Where this gateway may be reached, and how often one client may ask; who is asking will follow. Row 2. */
package dev.heliograph.access;
