/** The process's main: the gateway, or a command beside it. Row 8. */
package dev.heliograph.command;
