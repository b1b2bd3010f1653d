/**
 * The front door of HTTP: the filters before the endpoints, in the order of {@link FilterOrder}, and the refusals of the
 * HTTP layer. Row 7.
 */
package dev.heliograph.edge;
