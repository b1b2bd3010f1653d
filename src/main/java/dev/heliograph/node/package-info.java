/** Starts, wires, configures and reports on this process. Row 8. */
package dev.heliograph.node;
