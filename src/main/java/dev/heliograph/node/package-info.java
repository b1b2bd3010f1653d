/** Starts, wires, configures and reports on this process. Row 6. */
package dev.heliograph.node;
