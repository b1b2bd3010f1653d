/** Keeps the latest events near, answers conditional requests. Row 4. */
package dev.heliograph.latest;
