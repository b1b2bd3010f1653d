/** The event log in this process: the default, for one node. Row 2. */
package dev.heliograph.log.memory;
