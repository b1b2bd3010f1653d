/** Starts, wires, configures and reports on this process. Row 7. */
package dev.heliograph.node;
