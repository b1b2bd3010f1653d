/** Deferred work that is done one after another. Row 0. */
package dev.heliograph.turn;
