/** The process's main: the gateway, with its failed start and its stop by a signal, or a command beside it. Row 8. */
package dev.heliograph.command;
