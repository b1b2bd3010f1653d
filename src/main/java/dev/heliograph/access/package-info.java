/** Where this gateway may be reached; who is asking and what they may do will follow. Row 2. */
package dev.heliograph.access;
