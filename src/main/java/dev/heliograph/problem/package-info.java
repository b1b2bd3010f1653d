/** Failures as data: one {@code Problem} (RFC 9457) on every wire. Row 0: imports nothing of ours. */
package dev.heliograph.problem;
