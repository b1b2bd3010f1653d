/**
 * The front door of HTTP: what each request passes before an endpoint sees it, in the order of {@link FilterOrder}, and what
 * HTTP refuses by itself. Row 7.
 */
package dev.heliograph.edge;
